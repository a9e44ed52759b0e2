import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/pool.ts';
import type { Ground } from '../ground.ts';
import { markOnDemand } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import { listBrokenByConnector, noteConnectorCode } from './sql/connector-code.ts';
import { completeManually, findRequest, listUsersOfCause } from './sql/requests.ts';

/** Tries one failed or waiting request again, now. The link is planned anew: what is sent is what is right today. */
export async function retryRequest(ground: Ground, actor: Actor, id: string): Promise<void> {
  const request = await getRequest(ground, id);
  if (request.state !== 'Failed' && request.state !== 'Requested' && request.state !== 'New') {
    throw new Refusal('conflict', `The request is ${request.state}: only an unfinished or failed one can be retried`);
  }
  await retryUsers(ground, actor, request.appId, [request.userId], `request ${id}`);
}

/** Tries everything that failed for one cause again. Gives how many users that are. */
export async function retryCause(
  ground: Ground,
  actor: Actor,
  appId: number,
  reasonCode: string,
  operation?: string,
): Promise<number> {
  const users = await listUsersOfCause(ground.pool, appId, reasonCode, operation);
  await retryUsers(
    ground,
    actor,
    appId,
    users,
    `cause ${reasonCode}${operation === undefined ? '' : ` of ${operation}`}`,
  );
  return users.length;
}

function retryUsers(ground: Ground, actor: Actor, appId: number, userIds: string[], what: string): Promise<void> {
  const now = ground.clock.now();
  return inTransaction(ground.pool, async (db) => {
    await markOnDemand(db, now, appId, userIds);
    const entry = {
      action: 'request.retried',
      entityKind: 'request',
      entityId: what,
      appId,
      after: { users: userIds.length },
    };
    await writeAudit(db, now, actor, [entry]);
  });
}

const CONNECTOR_HOST: Actor = { kind: 'system', name: 'connector host', through: 'system' };

/**
 * Tries again whom a connector's own code failed for, when other code of it runs now: once in the fleet for each code, also
 * when it was changed while the server was stopped. Gives how many users that are.
 */
export async function retryAfterNewCode(ground: Ground, connector: { id: string; hash: string }): Promise<number> {
  const { pool, clock, log } = ground;
  if (!(await noteConnectorCode(pool, connector.id, connector.hash, clock.now()))) return 0;
  let retried = 0;
  for (const { appId, userIds } of await listBrokenByConnector(pool, connector.id)) {
    await retryUsers(
      ground,
      CONNECTOR_HOST,
      appId,
      userIds,
      'cause connector_failed, for the connector has other code',
    );
    retried += userIds.length;
  }
  if (retried > 0) log.info({ connector: connector.id, users: retried }, 'Tries again whom the connector failed for');
  return retried;
}

/** Records that a person did by hand what failed here. */
export async function completeRequest(ground: Ground, actor: Actor, id: string, note: string): Promise<void> {
  const request = await getRequest(ground, id);
  const now = ground.clock.now();
  await inTransaction(ground.pool, async (db) => {
    const done = await completeManually(db, { id, createdAt: request.createdAt, now, by: actor.name, note });
    if (!done) {
      throw new Refusal(
        'conflict',
        `The request is ${request.state}: only a failed one can be marked as manually completed`,
      );
    }
    const { appId, userId } = request;
    const after = { state: 'Manually Completed' };
    const entry = { action: 'request.completed_manually', entityKind: 'request', entityId: id, appId, userId };
    await writeAudit(db, now, actor, [{ ...entry, before: { state: request.state }, after, reason: note }]);
  });
}

async function getRequest(ground: Ground, id: string) {
  const request = await findRequest(ground.pool, id);
  if (!request) throw new Refusal('not_found', `There is no provisioning request ${id}`);
  return request;
}
