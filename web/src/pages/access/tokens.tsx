import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useApi, useApiList } from '../../api/api.ts';
import type { TokenInfo } from '../../api/types.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Button, type Column, Empty, ErrorPanel, LoadingRows, LoadMore, Table, Time } from '../../ui/index.ts';
import styles from './access.module.css';
import { NewToken } from './new-token.tsx';
import { RevokeToken } from './revoke-token.tsx';
import { endWords, lastUseExact, lastUseWords } from './token-words.ts';

/** The tokens of a user or service user. `me`: of who is signed in. */
export function Tokens({ user }: { readonly user: string }) {
  const me = useApi('getCurrentUser', {}).data?.id;
  const id = user === 'me' ? me : user;
  return id === undefined ? <LoadingRows rows={2} label="Loading the tokens" /> : <TokenList user={id} />;
}

type Open = { readonly what: 'new' } | { readonly what: 'revoke'; readonly token: TokenInfo };

function TokenList({ user }: { readonly user: string }) {
  const tokens = useApiList('listTokens', { params: { user }, query: { per_page: 100 } });
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  const failed =
    tokens.error === undefined ? null : (
      <ErrorPanel title="The tokens could not be read" error={tokens.error} again={tokens.again} />
    );
  if (tokens.items === undefined) return failed ?? <LoadingRows rows={2} label="Loading the tokens" />;
  const add = (
    <Button icon={Plus} onClick={() => setOpen({ what: 'new' })}>
      New token
    </Button>
  );
  return (
    <>
      {failed}
      {tokens.items.length === 0 ? (
        <Empty title="No token yet" icon={KeyRound} action={add}>
          <p>Without a token nobody can call the API as this user.</p>
        </Empty>
      ) : (
        <>
          <Table
            label="Tokens"
            columns={columnsOf(token => setOpen({ what: 'revoke', token }))}
            rows={tokens.items}
            keyOf={token => token.id}
          />
          <LoadMore more={tokens.more} busy={tokens.loadingMore} />
          <div>{add}</div>
        </>
      )}
      {open?.what === 'new' ? (
        <NewToken user={user} taken={tokens.items.map(token => token.id)} onClose={close} />
      ) : null}
      {open?.what === 'revoke' ? <RevokeToken user={user} token={open.token} onClose={close} /> : null}
    </>
  );
}

const columnsOf = (revoke: (token: TokenInfo) => void): readonly Column<TokenInfo>[] => [
  {
    head: 'Token',
    main: true,
    cell: ({ id, description }) => (
      <>
        <span className={styles.key}>{id}</span>
        {description === '' ? null : (
          <span className={styles.under}>
            <InertText text={description} />
          </span>
        )}
      </>
    ),
  },
  { head: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
  {
    head: 'Ends',
    cell: ({ expires_at: at }) => (at === undefined ? 'Never' : <Time at={at} words={endWords} />),
  },
  {
    head: 'Last used',
    cell: ({ last_used_at: at }) =>
      at === undefined ? 'Never' : <Time at={at} words={lastUseWords} exact={lastUseExact(at)} />,
  },
  {
    head: 'Actions',
    headHidden: true,
    align: 'end',
    cell: token => (
      <Button size="s" onClick={() => revoke(token)}>
        Revoke<span className="sr-only"> {token.id}</span>
      </Button>
    ),
  },
];
