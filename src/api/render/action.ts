import type { ActionRecord, ActionTarget } from '../../store/actions.ts';
import { formatTime } from '../time.ts';

export function renderAction(action: ActionRecord): string {
  const { org, name, version } = action;
  return JSON.stringify({
    name,
    org_id: org,
    version,
    uses: `actions/${org}/${name}@v${version}`,
    description: action.description,
    inputs: action.inputs,
    outputs: action.outputs,
    errors: action.errors,
    pure: action.pure,
    mode: action.mode,
    target: renderTarget(action.target),
    created_at: formatTime(action.createdAt),
    created_by: action.createdBy,
  });
}

const renderTarget = (target: ActionTarget) =>
  target.kind === 'function' ? { function: target.arn } : { module: target.name };
