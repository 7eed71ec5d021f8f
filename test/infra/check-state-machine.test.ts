import { describe, expect, it } from 'vitest';
import { checkStateMachine } from '../../infra/check-state-machine.ts';
import { checkedCases } from '../fixtures/state-machines/checked.ts';
import { PIPELINE_RUN } from '../kit/pipeline-run.ts';

describe('checkStateMachine', () => {
  it.each(checkedCases)('$name', ({ machine, problems }) => {
    const before = structuredClone(machine);
    expect(checkStateMachine(machine)).toEqual(
      problems.map(problem => ({ ...problem, message: expect.stringContaining(problem.message) })),
    );
    expect(machine).toEqual(before);
  });

  it.each([[], null, 'text', { QueryLanguage: 'JSONata', States: 3 }].map(definition => ({ definition })))(
    'finds $definition wrong, and does not throw',
    ({ definition }) => {
      expect(checkStateMachine(definition)).toContainEqual(expect.objectContaining({ rule: 'asl' }));
    },
  );

  it('finds nothing in the state machine that is deployed', () => {
    expect(checkStateMachine(JSON.parse(PIPELINE_RUN))).toEqual([]);
  });
});
