import type { ApiDependencies, Operations } from '../operation.ts';
import { approve, deny, getApproval, listApprovals } from './approvals.ts';
import { cancelRun } from './cancel-run.ts';
import { replaceValue, updateValue } from './change-value.ts';
import { createApp } from './create-app.ts';
import { createEnvType } from './create-env-type.ts';
import { createEnvironment } from './create-environment.ts';
import { createPipeline } from './create-pipeline.ts';
import { createRun } from './create-run.ts';
import { createServiceUser } from './create-service-user.ts';
import { createValue } from './create-value.ts';
import { getCurrentUser } from './current-user.ts';
import { deleteApp } from './delete-app.ts';
import { deleteEnvType } from './delete-env-type.ts';
import { deleteEnvironment } from './delete-environment.ts';
import { deletePipeline } from './delete-pipeline.ts';
import { deleteRun } from './delete-run.ts';
import { deleteValue, deleteValues } from './delete-value.ts';
import { getEventCallers, putEventCallers } from './event-callers.ts';
import { getApp } from './get-app.ts';
import { getEnvType } from './get-env-type.ts';
import { getEnvironment } from './get-environment.ts';
import { getInputsSchema } from './get-inputs-schema.ts';
import { getJob } from './get-job.ts';
import { getLanguageSchema } from './get-language-schema.ts';
import { getPipeline } from './get-pipeline.ts';
import { getPipelineSchema } from './get-pipeline-schema.ts';
import { getRun } from './get-run.ts';
import { getValue } from './get-value.ts';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.ts';
import { getHealth } from './health.ts';
import { inviteUser, listInvitations } from './invitations.ts';
import { listApps } from './list-apps.ts';
import { listAuditLog } from './list-audit-log.ts';
import { listEnvTypes } from './list-env-types.ts';
import { listEnvironments } from './list-environments.ts';
import { listJobs } from './list-jobs.ts';
import { listPermissions } from './list-permissions.ts';
import { listPipelineVersions } from './list-pipeline-versions.ts';
import { listPipelines, listPipelinesInOrg } from './list-pipelines.ts';
import { listRuns, listRunsInOrg } from './list-runs.ts';
import { listStepLogs } from './list-step-logs.ts';
import { listValues } from './list-values.ts';
import { addMember, listMembers, removeMember } from './members.ts';
import { getOpenApi } from './openapi.ts';
import { getUserInOrg, listUsersInOrg, removeUserFromOrg, updateUserInOrg } from './org-users.ts';
import { getRefusedStart, listRefusedStarts, retryRefusedStart } from './refused-starts.ts';
import { restartRun } from './restart-run.ts';
import {
  addUserToApp,
  addUserToEnvType,
  getUserInApp,
  getUserInEnvType,
  listUsersInApp,
  listUsersInEnvType,
  removeUserFromApp,
  removeUserFromEnvType,
  updateUserInApp,
  updateUserInEnvType,
} from './role-users.ts';
import { createToken, deleteToken, getToken, listTokens } from './tokens.ts';
import { updateApp } from './update-app.ts';
import { updateEnvironment } from './update-environment.ts';
import { updatePipeline } from './update-pipeline.ts';

/** The function of each row of the route table. A row without one does not compile. */
export function createOperations(dependencies: ApiDependencies): Operations {
  return {
    getHealth,
    getOpenApi,
    listPipelinesInOrg: listPipelinesInOrg(dependencies),
    listPipelines: listPipelines(dependencies),
    createPipeline: createPipeline(dependencies),
    getPipeline: getPipeline(dependencies),
    updatePipeline: updatePipeline(dependencies),
    deletePipeline: deletePipeline(dependencies),
    listPipelineVersions: listPipelineVersions(dependencies),
    getPipelineSchema: getPipelineSchema(dependencies),
    getInputsSchema: getInputsSchema(dependencies),
    getLanguageSchema,
    listApps: listApps(dependencies),
    createApp: createApp(dependencies),
    getApp: getApp(dependencies),
    updateApp: updateApp(dependencies),
    deleteApp: deleteApp(dependencies),
    listEnvTypes: listEnvTypes(dependencies),
    createEnvType: createEnvType(dependencies),
    getEnvType,
    deleteEnvType: deleteEnvType(dependencies),
    listEnvironments: listEnvironments(dependencies),
    createEnvironment: createEnvironment(dependencies),
    getEnvironment,
    updateEnvironment: updateEnvironment(dependencies),
    deleteEnvironment: deleteEnvironment(dependencies),
    listAuditLog: listAuditLog(dependencies),
    listRefusedStarts: listRefusedStarts(dependencies),
    getRefusedStart: getRefusedStart(dependencies),
    retryRefusedStart: retryRefusedStart(dependencies),
    getEventCallers: getEventCallers(dependencies),
    putEventCallers: putEventCallers(dependencies),
    listValues: listValues(dependencies),
    createValue: createValue(dependencies),
    deleteValues: deleteValues(dependencies),
    getValue,
    replaceValue: replaceValue(dependencies),
    updateValue: updateValue(dependencies),
    deleteValue: deleteValue(dependencies),
    createRun: createRun(dependencies),
    cancelRun: cancelRun(dependencies),
    restartRun: restartRun(dependencies),
    deleteRun: deleteRun(dependencies),
    listApprovals: listApprovals(dependencies),
    getApproval: getApproval(dependencies),
    approve: approve(dependencies),
    deny: deny(dependencies),
    listRunsInOrg: listRunsInOrg(dependencies),
    listRuns: listRuns(dependencies),
    getRun: getRun(dependencies),
    listJobs: listJobs(dependencies),
    getJob: getJob(dependencies),
    listStepLogs: listStepLogs(dependencies),
    getCurrentUser: getCurrentUser(dependencies),
    listUsersInOrg: listUsersInOrg(dependencies),
    getUserInOrg: getUserInOrg(dependencies),
    updateUserInOrg: updateUserInOrg(dependencies),
    removeUserFromOrg: removeUserFromOrg(dependencies),
    createServiceUser: createServiceUser(dependencies),
    inviteUser: inviteUser(dependencies),
    listInvitations: listInvitations(dependencies),
    listPermissions: listPermissions(dependencies),
    listUsersInApp: listUsersInApp(dependencies),
    addUserToApp: addUserToApp(dependencies),
    getUserInApp: getUserInApp(dependencies),
    updateUserInApp: updateUserInApp(dependencies),
    removeUserFromApp: removeUserFromApp(dependencies),
    listUsersInEnvType: listUsersInEnvType(dependencies),
    addUserToEnvType: addUserToEnvType(dependencies),
    getUserInEnvType: getUserInEnvType(dependencies),
    updateUserInEnvType: updateUserInEnvType(dependencies),
    removeUserFromEnvType: removeUserFromEnvType(dependencies),
    listGroups: listGroups(dependencies),
    createGroup: createGroup(dependencies),
    getGroup: getGroup(dependencies),
    updateGroup: updateGroup(dependencies),
    deleteGroup: deleteGroup(dependencies),
    listMembers: listMembers(dependencies),
    addMember: addMember(dependencies),
    removeMember: removeMember(dependencies),
    listTokens: listTokens(dependencies),
    createToken: createToken(dependencies),
    getToken: getToken(dependencies),
    deleteToken: deleteToken(dependencies),
  };
}
