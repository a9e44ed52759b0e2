import { createEntitlement } from '../assignments/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { importUsers } from '../directory/index.ts';
import type { Ground } from '../ground.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { buildCompanyCsv, GROUP, PERMISSION_SETS, USERNAMES } from './company.ts';
import {
  deleteCompany,
  findCompany,
  forgetCompany,
  hasUsers,
  listAppsInUse,
  listCompanyUsers,
  listHeldByOthers,
  lockUsers,
  noteCompany,
} from './sql/demo-company.ts';

const SET_NAMES = PERMISSION_SETS.map(({ name }) => name);

/** A small invented company to try things with: what it is, and whether it may come or go now. */
export interface DemoCompany {
  loaded: { at: Date; by: string } | null;
  users: number;
  permissionSets: string[];
  permissionSetGroups: string[];
  /** Why it cannot be loaded, or removed, now; empty: it can. */
  obstacles: FieldProblem[];
}

export async function describeCompany({ pool }: Ground): Promise<DemoCompany> {
  const stored = await findCompany(pool);
  const userIds = await listCompanyUsers(pool, USERNAMES);
  return {
    loaded: stored ? { at: new Date(stored.loadedAt), by: stored.by } : null,
    users: stored ? userIds.length : USERNAMES.length,
    permissionSets: SET_NAMES,
    permissionSetGroups: [GROUP.name],
    obstacles: stored ? await findUses(pool, userIds) : await findPeople(pool),
  };
}

/** Brings the company in by the import that brings real people in. Only where there is nobody yet. */
export async function loadCompany(ground: Ground, actor: Actor): Promise<DemoCompany> {
  const { pool, clock } = ground;
  const now = clock.now();
  refuse('load', await findPeople(pool));
  if (!(await noteCompany(pool, { loadedAt: now.toISOString(), by: actor.name }, now)))
    throw new Refusal('conflict', 'The demo company is there already. Remove it first to load it anew.');
  try {
    for (const set of PERMISSION_SETS) await createEntitlement(ground, actor, 'permission set', set);
    const { permissionSets, ...group } = GROUP;
    await createEntitlement(ground, actor, 'permission set group', { ...group, permissionSets: [...permissionSets] });
    const source = (async function* () {
      yield new TextEncoder().encode(buildCompanyCsv());
    })();
    await importUsers(ground, actor, { source, mode: 'all-or-nothing', dryRun: false, key: 'Username' });
  } catch (error) {
    await takeAway(ground).catch(() => forgetCompany(pool));
    throw error;
  }
  await inTransaction(pool, (db) =>
    writeAudit(db, now, actor, [
      {
        action: 'demo_company.loaded',
        entityKind: 'demo company',
        entityId: 'demo',
        after: { users: USERNAMES.length },
      },
    ]),
  );
  return describeCompany(ground);
}

/** Takes the company away without a trace but the audit's, as long as no account of it was made anywhere. */
export async function removeCompany(ground: Ground, actor: Actor): Promise<{ users: number; unmanaged: number }> {
  if (!(await findCompany(ground.pool)))
    throw new Refusal('conflict', 'The demo company is not loaded: there is nothing to remove.');
  return takeAway(ground, actor);
}

async function takeAway({ pool, clock }: Ground, actor?: Actor): Promise<{ users: number; unmanaged: number }> {
  return inTransaction(pool, async (db) => {
    const now = clock.now();
    const userIds = await listCompanyUsers(db, USERNAMES);
    await lockUsers(db, userIds);
    refuse('remove', await findUses(db, userIds));
    const company = { userIds, permissionSets: SET_NAMES, group: GROUP.name };
    const removed = { users: userIds.length, unmanaged: await deleteCompany(db, now, company) };
    if (actor) {
      await writeAudit(db, now, actor, [
        { action: 'demo_company.removed', entityKind: 'demo company', entityId: 'demo', before: removed },
      ]);
    }
    return removed;
  });
}

type Database = Parameters<typeof findCompany>[0];

async function findPeople(db: Database): Promise<FieldProblem[]> {
  if (!(await hasUsers(db))) return [];
  const problem = 'has users already, deleted ones included';
  return [
    {
      field: 'directory',
      problem,
      fix: 'Load it into an empty install; real people are not mixed with invented ones.',
    },
  ];
}

async function findUses(db: Database, userIds: string[]): Promise<FieldProblem[]> {
  const apps = await listAppsInUse(db, userIds);
  const held = await listHeldByOthers(db, userIds, SET_NAMES, GROUP.name);
  return [
    ...apps.map(({ app, problem }) => ({
      field: app,
      problem,
      fix: 'Pause the app and delete it, or have the accounts deleted by the app first.',
    })),
    ...held.map(({ name, users }) => ({
      field: name,
      problem: `${users} other ${users === 1 ? 'user holds' : 'users hold'} it`,
      fix: 'Take it away from them first.',
    })),
  ];
}

function refuse(what: 'load' | 'remove', problems: FieldProblem[]): void {
  if (problems.length === 0) return;
  const told = problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  throw new Refusal(
    'conflict',
    `The demo company cannot be ${what}${what === 'load' ? 'ed' : 'd'}. ${told}.`,
    problems,
  );
}
