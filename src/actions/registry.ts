import { type Action, actionKey } from './action.ts';
import { approve } from './approve.ts';
import { fail } from './fail.ts';
import { githubWorkflow } from './github-workflow.ts';
import { gitlabPipeline } from './gitlab-pipeline.ts';
import { http } from './http.ts';
import { jq } from './jq.ts';
import { log } from './log.ts';
import { sleep } from './sleep.ts';

/** Every action a step can use, by its key (`actions/humanitec/log@v1`). Loads no client: those arrive through the context. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [log, fail, sleep, approve, jq, http, githubWorkflow, gitlabPipeline].map(action => [actionKey(action), action]),
);
