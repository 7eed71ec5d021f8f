import { type Action, actionKey } from './action.ts';
import { announceCallback } from './announce-callback.ts';
import { approve } from './approve.ts';
import { invokeLambda } from './aws/invoke-lambda.ts';
import { publish } from './aws/publish.ts';
import { putEvents } from './aws/put-events.ts';
import { runTask } from './aws/run-task.ts';
import { sendMessage } from './aws/send-message.ts';
import { startBuild } from './aws/start-build.ts';
import { startExecution } from './aws/start-execution.ts';
import { callPipeline } from './call-pipeline.ts';
import { callback } from './callback.ts';
import { fail } from './fail.ts';
import { githubWorkflow } from './github-workflow.ts';
import { gitlabPipeline } from './gitlab-pipeline.ts';
import { http } from './http.ts';
import { jq } from './jq.ts';
import { log } from './log.ts';
import { apply } from './orchestrator/apply.ts';
import { clone } from './orchestrator/clone.ts';
import { createDelta } from './orchestrator/create-delta.ts';
import { createEnvironment } from './orchestrator/create-environment.ts';
import { deleteEnvironment } from './orchestrator/delete-environment.ts';
import { deploy } from './orchestrator/deploy.ts';
import { waitForReadiness } from './orchestrator/wait-for-readiness.ts';
import { sleep } from './sleep.ts';

/** Every action a step can use, by its key (`actions/humanitec/log@v1`). Loads no client: those arrive through the context. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [
    ...[log, fail, sleep, approve, jq, http, githubWorkflow, gitlabPipeline],
    ...[invokeLambda, startExecution, runTask, startBuild, putEvents, sendMessage, publish],
    ...[callPipeline, announceCallback, callback],
    ...[createDelta, apply, deploy, clone, waitForReadiness, createEnvironment, deleteEnvironment],
  ].map(action => [actionKey(action), action]),
);
