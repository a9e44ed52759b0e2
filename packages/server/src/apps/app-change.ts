import { type Actor, type AuditEntry, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import type { AppGround } from './app-ground.ts';
import type { ConnectedApp } from './connected-app.ts';
import { findApp, lockApp } from './sql/load-apps.ts';

/** Refuses a change that was meant for another revision. Called with the present one while the app is locked. */
export type CheckRevision = (current: number) => void;

/** Who changes which app; `app` is its id or name. */
export interface AppCommand {
  actor: Actor;
  app: string;
  checkRevision: CheckRevision;
}

/** An app under change: locked, in a transaction, with the moment and the audit row that go with it. */
export interface AppChange {
  db: PoolClient;
  app: ConnectedApp;
  now: Date;
  /** Who makes the change, as it is kept with what they write. */
  author: string;
  audit(action: string, facts: Pick<AuditEntry, 'before' | 'after' | 'reason'>): Promise<void>;
}

/** Runs one change of an app as one transaction. */
export async function changeApp<Result>(
  ground: Pick<AppGround, 'pool' | 'clock'>,
  command: AppCommand,
  work: (change: AppChange) => Promise<Result>,
): Promise<Result> {
  return inTransaction(ground.pool, async (db) => {
    const app = await lockApp(db, command.app);
    if (!app) throw refuseUnknown(command.app);
    command.checkRevision(app.revision);
    const now = ground.clock.now();
    const audit: AppChange['audit'] = (action, facts) =>
      writeAudit(db, now, command.actor, [{ action, entityKind: 'app', entityId: app.name, appId: app.id, ...facts }]);
    return work({ db, app, now, author: command.actor.name, audit });
  });
}

/** The app with this id or name. */
export async function getApp(ground: Pick<AppGround, 'pool'>, idOrName: string): Promise<ConnectedApp> {
  const app = await findApp(ground.pool, idOrName);
  if (!app) throw refuseUnknown(idOrName);
  return app;
}

function refuseUnknown(idOrName: string): Refusal {
  return new Refusal('not_found', `There is no app ${JSON.stringify(idOrName.slice(0, 80))}.`, [
    { field: 'app', problem: 'names no connected app', fix: 'GET /api/v1/apps lists their names.', place: 'apps' },
  ]);
}
