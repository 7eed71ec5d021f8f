import type { MemberRecord } from '../../store/members.ts';
import type { Profile } from '../../store/subjects.ts';
import type { TokenRecord } from '../../store/tokens.ts';
import { formatTime } from '../time.ts';

/** Who has a role, with that role. */
export const renderUser = ({
  profile,
  role,
}: {
  readonly profile: Profile;
  readonly role: { readonly role: string };
}) => JSON.stringify({ ...profileFields(profile), role: role.role });

export const renderMember = (member: MemberRecord): string =>
  JSON.stringify({ ...profileFields(member), since: formatTime(member.since) });

export const renderToken = (token: TokenRecord): string =>
  JSON.stringify({
    id: token.id,
    type: 'static',
    description: token.description ?? '',
    created_at: formatTime(token.createdAt),
    created_by: token.createdBy ?? '',
    expires_at: token.tokenExpiresAt === undefined ? undefined : formatTime(token.tokenExpiresAt),
    last_used_at: token.lastUsedAt === undefined ? undefined : formatTime(token.lastUsedAt),
  });

export const profileFields = ({ id, name, type, email, createdAt }: Profile) => ({
  id,
  name,
  type,
  email,
  created_at: formatTime(createdAt),
});
