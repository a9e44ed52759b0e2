import type { PoolClient } from '../db/index.ts';
import { markHoldersOfPermissionSet, markHoldersOfPermissionSetGroup, markMembersOfProfile } from '../marking/index.ts';
import { Refusal } from '../refusal.ts';
import { type AppCommand, changeApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { deleteAssignment, findGrant, type Grant, type GrantKind, insertAssignment } from './sql/assignments.ts';
import { updateApp } from './sql/write-apps.ts';

/** What an assignment names. */
export interface GrantName {
  kind: GrantKind;
  name: string;
}

/** Grants an app to everyone who has this profile, permission set or group. Gives the number of links that are due now. */
export async function assignApp(ground: AppGround, command: AppCommand, named: GrantName): Promise<number> {
  return changeApp(ground, command, async ({ db, app, now, audit }) => {
    const grant = await getGrant(db, named);
    if (!(await insertAssignment(db, app.id, grant, now))) {
      const problem = `grants ${app.name} already`;
      throw new Refusal('already_exists', `The ${grant.kind} ${grant.name} ${problem}.`, [
        { field: 'name', problem, fix: 'Nothing to do.' },
      ]);
    }
    await updateApp(db, app, now);
    await audit('app.assigned', { after: { kind: grant.kind, name: grant.name } });
    return app.state === 'draft' ? 0 : markHolders(db, now, grant);
  });
}

/** Takes the grant away: those who have no other one lose the app. */
export async function unassignApp(ground: AppGround, command: AppCommand, named: GrantName): Promise<number> {
  return changeApp(ground, command, async ({ db, app, now, audit }) => {
    const grant = await getGrant(db, named);
    if (!(await deleteAssignment(db, app.id, grant))) {
      throw new Refusal('not_found', `The ${grant.kind} ${grant.name} does not grant ${app.name}.`);
    }
    await updateApp(db, app, now);
    await audit('app.unassigned', { before: { kind: grant.kind, name: grant.name } });
    return app.state === 'draft' ? 0 : markHolders(db, now, grant);
  });
}

async function getGrant(db: PoolClient, { kind, name }: GrantName): Promise<Grant> {
  const grant = await findGrant(db, kind, name);
  if (grant) return grant;
  const problem = `there is no ${kind} called ${JSON.stringify(name.slice(0, 80))}`;
  throw new Refusal('invalid_value', `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`, [
    { field: 'name', problem, fix: `Give the name of a ${kind}; upper and lower case do not differ.` },
  ]);
}

function markHolders(db: PoolClient, now: Date, { kind, id }: Grant): Promise<number> {
  switch (kind) {
    case 'profile':
      return markMembersOfProfile(db, now, id);
    case 'permission set':
      return markHoldersOfPermissionSet(db, now, id);
    case 'permission set group':
      return markHoldersOfPermissionSetGroup(db, now, id);
  }
}
