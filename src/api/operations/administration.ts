import type { ApiDependencies } from '../operation.ts';
import { createAction, getAction, listActions } from './actions.ts';
import type { Administration } from './administration-routes.ts';
import { replaceValue, updateValue } from './change-value.ts';
import { createApp } from './create-app.ts';
import { createEnvType } from './create-env-type.ts';
import { createEnvironment } from './create-environment.ts';
import { createRunByCriteria } from './create-run-by-criteria.ts';
import { createServiceUser } from './create-service-user.ts';
import { createValue } from './create-value.ts';
import { createCriterion, deleteCriterion, getCriterion, listCriteria } from './criteria.ts';
import { getCurrentUser } from './current-user.ts';
import { deleteApp } from './delete-app.ts';
import { deleteEnvType } from './delete-env-type.ts';
import { deleteEnvironment } from './delete-environment.ts';
import { deleteValue, deleteValues } from './delete-value.ts';
import { getEventCallers, putEventCallers } from './event-callers.ts';
import { getApp } from './get-app.ts';
import { getEnvType } from './get-env-type.ts';
import { getEnvironment } from './get-environment.ts';
import { getValue } from './get-value.ts';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.ts';
import { inviteUser, listInvitations } from './invitations.ts';
import { listApps } from './list-apps.ts';
import { listAuditLog } from './list-audit-log.ts';
import { listEnvTypes } from './list-env-types.ts';
import { listEnvironments } from './list-environments.ts';
import { listPermissions } from './list-permissions.ts';
import { listValues } from './list-values.ts';
import { addMember, listMembers, removeMember } from './members.ts';
import { deleteOrchestrator, getOrchestrator, setOrchestrator } from './orchestrator.ts';
import { getUserInOrg, listUsersInOrg, removeUserFromOrg, updateUserInOrg } from './org-users.ts';
import { getRefusedStart, listRefusedStarts, retryRefusedStart } from './refused-starts.ts';
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
import {
  getWebhookDelivery,
  listWebhookDeliveries,
  redeliverWebhookDelivery,
  testWebhook,
} from './webhook-deliveries.ts';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from './webhooks.ts';

/** What administrators and set-ups ask for, and hardly anybody's first request: loaded when it is. */
export function createAdministration(dependencies: ApiDependencies): Administration {
  return {
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
    getOrchestrator: getOrchestrator(dependencies),
    setOrchestrator: setOrchestrator(dependencies),
    deleteOrchestrator: deleteOrchestrator(dependencies),
    listValues: listValues(dependencies),
    createValue: createValue(dependencies),
    deleteValues: deleteValues(dependencies),
    getValue,
    replaceValue: replaceValue(dependencies),
    updateValue: updateValue(dependencies),
    deleteValue: deleteValue(dependencies),
    listWebhooks: listWebhooks(dependencies),
    createWebhook: createWebhook(dependencies),
    getWebhook: getWebhook(dependencies),
    updateWebhook: updateWebhook(dependencies),
    deleteWebhook: deleteWebhook(dependencies),
    rotateWebhookSecret: rotateWebhookSecret(dependencies),
    testWebhook: testWebhook(dependencies),
    listWebhookDeliveries: listWebhookDeliveries(dependencies),
    getWebhookDelivery: getWebhookDelivery(dependencies),
    redeliverWebhookDelivery: redeliverWebhookDelivery(dependencies),
    listActions: listActions(dependencies),
    createAction: createAction(dependencies),
    getAction: getAction(dependencies),
    createRunByCriteria: createRunByCriteria(dependencies),
    listCriteria: listCriteria(dependencies),
    createCriterion: createCriterion(dependencies),
    getCriterion: getCriterion(dependencies),
    deleteCriterion: deleteCriterion(dependencies),
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
