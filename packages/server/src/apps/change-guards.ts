import type { PoolClient } from '../db/index.ts';
import type { Queryable } from '../db/pool.ts';
import {
  APPROVAL_GUARD,
  type ApprovalRule,
  DEACTIVATION_BUDGET,
  type GuardSettings,
  PROTECTION_GUARD,
  SLOW_BLEED_GUARD,
  THRESHOLD_GUARD,
  type ThresholdRule,
  UNLINKED_GUARD,
} from '../guards/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { type AppCommand, changeApp, getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import type { ConnectedApp } from './connected-app.ts';
import {
  findGuardNames,
  findGuards,
  findGuardsRow,
  type NamedEntity,
  resolveGuardNames,
  saveGuards,
} from './sql/guards.ts';
import { findConfiguration } from './sql/load-apps.ts';
import { updateApp } from './sql/write-apps.ts';

/** Guard limits as people write and read them: whoever is protected by name rather than by id. */
export interface GuardsEdit {
  deactivation?: { count?: number | undefined; percent?: number | undefined } | undefined;
  slowBleed?: GuardSettings['slowBleed'] | undefined;
  thresholds?: ThresholdRule[] | undefined;
  protectedUsers?: { users: string[]; profiles: string[]; permissionSets: string[] } | undefined;
  approvals?: ApprovalRule[] | undefined;
}

/** The guards of an app, with the names of whom they protect. */
export interface ShownGuards {
  app: string;
  revision: number;
  deactivation: ConnectedApp['deactivationLimit'];
  slowBleed: GuardSettings['slowBleed'];
  thresholds: ThresholdRule[];
  protectedUsers: { users: NamedEntity[]; profiles: NamedEntity[]; permissionSets: NamedEntity[] };
  approvals: ApprovalRule[];
  /** Who changed them, and when; null: they are the defaults. */
  changed: { at: Date; by: string } | null;
}

export async function showGuards({ pool }: Pick<AppGround, 'pool'>, idOrName: string): Promise<ShownGuards> {
  const app = await getApp({ pool }, idOrName);
  const { slowBleed, thresholds, protectedUsers, approvals } = await findGuards(pool, app.id);
  return {
    ...{ app: app.name, revision: app.revision, deactivation: app.deactivationLimit, slowBleed, thresholds, approvals },
    protectedUsers: await findGuardNames(pool, protectedUsers),
    changed: (await findGuardsRow(pool, app.id)) ?? null,
  };
}

/**
 * Changes guard limits, effective at once: what was planned under the ones before is planned anew. What is held stays held.
 * Gives what a person should know of it.
 */
export async function changeGuards(ground: AppGround, command: AppCommand, edit: GuardsEdit): Promise<FieldProblem[]> {
  assertSound(edit);
  return changeApp(ground, command, async ({ db, app, now, author, audit }) => {
    const before = await findGuards(db, app.id);
    const { deactivation, protectedUsers, ...rest } = edit;
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const protecting = protectedUsers && (await resolveProtected(db, protectedUsers));
    const after: GuardSettings = { ...before, ...given, ...(protecting ? { protectedUsers: protecting } : {}) };
    const limit = Object.entries(deactivation ?? {}).filter(([, value]) => value !== undefined);
    const deactivationLimit = { ...app.deactivationLimit, ...Object.fromEntries(limit) };
    const whole = [
      { deactivation: app.deactivationLimit, ...before },
      { deactivation: deactivationLimit, ...after },
    ] as const;
    if (JSON.stringify(whole[0]) !== JSON.stringify(whole[1])) {
      await saveGuards(db, app.id, after, now, author);
      await updateApp(db, { ...app, deactivationLimit }, now);
      await audit('app.guards_changed', { before: whole[0], after: whole[1] });
    }
    return warnOf(db, app, after);
  });
}

const RESERVED = [
  DEACTIVATION_BUDGET,
  THRESHOLD_GUARD,
  SLOW_BLEED_GUARD,
  PROTECTION_GUARD,
  APPROVAL_GUARD,
  UNLINKED_GUARD,
];

function assertSound({ thresholds = [], approvals = [] }: GuardsEdit): void {
  const problems: FieldProblem[] = [];
  const names = new Set<string>();
  for (const [place, rule] of thresholds.entries()) {
    const field = `thresholds[${place}]`;
    const name = rule.name.toLowerCase();
    if (RESERVED.includes(name)) {
      problems.push({
        field: `${field}.name`,
        problem: `is the name of a guard that every app has`,
        fix: 'Choose another.',
      });
    } else if (names.has(name)) {
      problems.push({ field: `${field}.name`, problem: 'is the name of another threshold', fix: 'Give each its own.' });
    }
    names.add(name);
    const never = rule.operation === 'create' || rule.operation === 'delete';
    if (never && (rule.attribute !== undefined || rule.clears)) {
      const problem = `never counts: an account that is ${rule.operation}d has no value before that could differ`;
      problems.push({ field: `${field}.attribute`, problem, fix: 'Leave it out, or give the operation "update".' });
    }
  }
  const operations = new Set<string>();
  for (const [place, { operation, manager, named }] of approvals.entries()) {
    const field = `approvals[${place}]`;
    if (operations.has(operation)) {
      problems.push({ field: `${field}.operation`, problem: 'has a rule already', fix: 'Put all approvers into one.' });
    }
    operations.add(operation);
    if (!manager && named.length === 0) {
      const fix = 'Let the manager, or name somebody; leave the rule out where nobody is asked.';
      problems.push({ field, problem: 'names nobody who may approve, so that nothing would ever be sent', fix });
    }
  }
  if (problems.length > 0) {
    throw new Refusal(
      'invalid_value',
      problems.map(({ field, problem }) => `${field} ${problem}`).join('; '),
      problems,
    );
  }
}

async function resolveProtected(
  db: PoolClient,
  wanted: { users: string[]; profiles: string[]; permissionSets: string[] },
): Promise<GuardSettings['protectedUsers']> {
  const { found, unknown } = await resolveGuardNames(db, wanted);
  if (unknown.length === 0) return found;
  throw new Refusal(
    'invalid_value',
    `Nobody would be protected by ${unknown.map(({ name }) => name).join(', ')}.`,
    unknown.map(({ kind, name }) => ({
      field: `protectedUsers.${kind}`,
      problem: `${JSON.stringify(name.slice(0, 80))} is none that exists`,
      fix: kind === 'users' ? 'Give the Username or id of a user.' : 'Give its name or id.',
    })),
  );
}

/** What does not stop a change of the guards, and may still be a mistake. */
async function warnOf(db: Queryable, app: ConnectedApp, settings: GuardSettings): Promise<FieldProblem[]> {
  const warnings: FieldProblem[] = [];
  const document = app.activeVersion === null ? undefined : await findConfiguration(db, app.id, app.activeVersion);
  const written = document && new Set(document.mapping.map(({ target }) => target.toLowerCase()));
  for (const [place, { attribute }] of settings.thresholds.entries()) {
    if (attribute === undefined || attribute === '*' || !written || written.has(attribute.toLowerCase())) continue;
    const problem = `${attribute} is written by no rule of version ${app.activeVersion}, so that it never counts`;
    warnings.push({ field: `thresholds[${place}].attribute`, problem, fix: 'Look at its spelling.' });
  }
  if (settings.slowBleed === null) {
    const problem = 'is off: what the hour lets pass may go on day and night';
    warnings.push({ field: 'slowBleed', problem, fix: 'Give it hours, count and percent, unless that is wanted.' });
  }
  return warnings;
}
