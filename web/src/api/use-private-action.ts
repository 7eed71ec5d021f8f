import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Action, client } from './api.ts';
import type { OperationName } from './client.ts';

/**
 * As `useAction`, for what is sent or answered and must not be kept: a mutation remembers both for minutes, this remembers
 * neither.
 */
export function usePrivateAction<Name extends OperationName>(
  name: Name,
  stale: readonly OperationName[] = [],
): Action<Name> {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run: Action<Name>['run'] = async options => {
    setBusy(true);
    try {
      const result = await client.call(name, options);
      if (result.ok) for (const operation of stale) void queries.invalidateQueries({ queryKey: [operation] });
      return result;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy };
}
