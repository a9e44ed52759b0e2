import {
  checkConverged,
  checkCreatedOnce,
  checkDeactivationLimit,
  checkNoWriteAfterDeactivation,
  checkQuietSince,
  checkStrangersUntouched,
  checkVersionsMonotone,
  checkWritesInSequence,
  FaultTarget,
  listWrites,
  type TargetEvidence,
} from '@usher/scim/testing';
import { checkTitleLimit, type Told } from './check-title-limit.ts';
import type { SimulatedWorld } from './simulated-world.ts';

const DEPARTMENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** What must hold once it is quiet: I1 to I5 of the record and the target. */
export async function checkWorld(world: SimulatedWorld): Promise<void> {
  const evidence = evidenceOf(world);
  const { exchanges } = evidence;
  const released = await world.store.ask<{ identity: string; at: Date }>(
    `select user_id::text as identity, decided_at as at from hold where app_id = $1 and decided_by is not null`,
    [world.appId],
  );
  const approvals = released.map(({ identity, at }) => ({ identity, atMs: at.getTime() }));
  const limit = world.options.deactivationLimit;
  const found = [
    ...checkConverged(evidence, await desiredOf(world, evidence)).map((line) => `I1: ${line}`),
    ...checkStrangersUntouched(evidence).map((line) => `I1: ${line}`),
    ...checkVersionsMonotone(exchanges).map((line) => `I3: ${line}`),
    ...checkWritesInSequence(exchanges).map((line) => `I3: ${line}`),
    ...checkDepartments(evidence).map((line) => `I3: ${line}`),
    ...checkCreatedOnce(exchanges).map((line) => `I4: ${line}`),
    ...checkNoWriteAfterDeactivation(exchanges).map((line) => `I3: ${line}`),
    ...checkDeactivationLimit(exchanges, { limit, windowMs: 3_600_000, approvals }).map((line) => `I5: ${line}`),
    ...(await checkTitles(world, exchanges, approvals)).map((line) => `I5: ${line}`),
    ...(await checkRecord(world, evidence)),
  ];
  world.found.push(...found);
}

async function checkTitles(
  { store, appId, options }: SimulatedWorld,
  exchanges: TargetEvidence['exchanges'],
  approvals: { identity: string; atMs: number }[],
): Promise<string[]> {
  if (options.titleLimit === null) return [];
  const told = await store.ask<Told>(
    `select user_id::text as identity, operation, at from provisioning_log
     where app_id = $1 and attempt > 0 order by at, id`,
    [appId],
  );
  return checkTitleLimit(exchanges, told, { limit: options.titleLimit, windowMs: 3_600_000, approvals });
}

export function writesSince(world: SimulatedWorld, sequence: number): string[] {
  // What the target refuses is asked again of it, for a person may have settled it there.
  const applied = world.target.exchanges.filter(({ appliedTick }) => appliedTick !== undefined);
  return checkQuietSince(applied, sequence);
}

function evidenceOf({ target }: SimulatedWorld): TargetEvidence {
  return new FaultTarget(target, undefined as never, new AbortController()).evidence();
}

/**
 * The mapping of the directory's last state. Who has left keeps what they had but their access; a name that somebody else's
 * account still has, because it gets no updates any more, is for a person to settle.
 */
async function desiredOf(
  world: SimulatedWorld,
  evidence: TargetEvidence,
): Promise<Parameters<typeof checkConverged>[1]> {
  const rows = await world.store.ask<{
    id: string;
    username: string;
    active: boolean;
    fields: Record<string, string>;
    code: string | null;
  }>(
    `select s.user_id as id, u.username, u.fields, l.reason ->> 'code' as code,
       u.is_active and u.deleted_at is null
         and exists (select from permission_set_assignment a where a.user_id = u.id) as active
     from link_schedule s join directory_user u on u.id = s.user_id
     left join account_link l on l.app_id = s.app_id and l.user_id = s.user_id
     where s.app_id = $1`,
    [world.appId],
  );
  const accounts = [...evidence.accounts.values()];
  const desired: Parameters<typeof checkConverged>[1] = new Map();
  for (const { id, username, active, fields, code } of rows) {
    const isKnown = accounts.some(({ externalId }) => externalId === id);
    const rival = accounts.find((account) => account.userName === username && account.externalId !== id);
    if (active && rival && code !== null) desired.set(id, isKnown ? {} : undefined);
    else if (!active) desired.set(id, isKnown ? { active: false } : undefined);
    else {
      const { Title, Department, LastName } = fields;
      desired.set(id, {
        ...{ userName: username, active: true, title: Title, name: { familyName: LastName } },
        ...(Department === undefined ? {} : { [DEPARTMENT]: { department: Department } }),
      } as never);
    }
  }
  return desired;
}

/** Departments only ever rise here: an older one written after a newer one is a change that came too late. */
function checkDepartments({ exchanges }: TargetEvidence): string[] {
  const newest = new Map<string, string>();
  const found: string[] = [];
  for (const { exchange, effect } of listWrites(exchanges)) {
    const department = /"(?:department|[^"]*:department)"\s*:\s*"(\d{4})"|department","value":"(\d{4})"/.exec(
      exchange.requestBody,
    );
    const value = department?.[1] ?? department?.[2];
    if (value === undefined) continue;
    const before = newest.get(effect.id) ?? '';
    if (value < before) found.push(`#${exchange.sequence} wrote department ${value} after ${before} to ${effect.id}`);
    newest.set(effect.id, value > before ? value : before);
  }
  return found;
}

/** The record against the target: links name the accounts, every write has its line, no line is there twice. */
async function checkRecord(world: SimulatedWorld, { accounts, exchanges }: TargetEvidence): Promise<string[]> {
  const { store, appId } = world;
  const found: string[] = [];
  const links = await store.ask<{ user_id: string; remote_id: string }>(
    'select user_id, remote_id from account_link where app_id = $1 and remote_id is not null',
    [appId],
  );
  const remoteIds = new Map(links.map((row) => [row.user_id, row.remote_id]));
  for (const [id, { externalId, isStranger }] of accounts) {
    if (!isStranger && remoteIds.get(externalId ?? '') !== id)
      found.push(`I2: the link of ${externalId} is not to ${id}`);
  }
  const doubled = await store.ask<{ line: string }>(
    `select concat_ws(' ', user_id, operation, outcome, attempt, count(*)) as line from provisioning_log
     where app_id = $1 and outcome in ('applied', 'already as desired', 'parked') and attempt > 0
     group by request_id, user_id, operation, outcome, attempt having count(*) > 1`,
    [appId],
  );
  for (const { line } of doubled) found.push(`I2: the log says several times: ${line}`);
  const told = await store.ask<{ user_id: string }>(`select distinct user_id from provisioning_log where app_id = $1`, [
    appId,
  ]);
  const users = new Set(told.map(({ user_id }) => user_id));
  for (const { effect } of listWrites(exchanges)) {
    if (!users.has(effect.externalId ?? '')) found.push(`I2: no line tells of the account of ${effect.externalId}`);
  }
  const rest = await store.ask<{ line: string }>(
    `select concat_ws(' ', 'I8: a hold is left', user_id, state, guard) as line from hold
     where app_id = $1 and state in ('open', 'released')
     union all
     select concat_ws(' ', 'I8: an unknown write is left', s.user_id, l.standing, l.reason ->> 'code') from link_schedule s
     left join account_link l using (app_id, user_id)
     where s.app_id = $1 and s.read_first and l.remote_id is not null and l.standing = 'settled'
     union all
     select concat_ws(' ', 'I2: a request is left open', r.user_id, r.operation, r.state) from provisioning_request r
     where r.app_id = $1 and r.state in ('Requested', 'New')`,
    [appId],
  );
  found.push(...rest.map(({ line }) => line));
  return found;
}
