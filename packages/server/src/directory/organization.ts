import { assertExpectedRevision, type ExpectedRevision } from '../assignments/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type Queryable } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { markTimeZone } from '../marking/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { parseFieldValue } from './parse-field-value.ts';
import { loadSetting, lockSetting, saveSetting } from './sql/settings.ts';
import type { UserDefaults } from './user.ts';
import { STANDARD_USER_FIELDS } from './user-fields.ts';

/** What holds for everybody: the day of TODAY() is the day of this time zone, and new users get these values. */
export interface Organization extends UserDefaults {
  readonly revision: number;
}

const SETTING = 'organization';
/** Apart, since mappings read nothing else of it. */
const TIME_ZONE_SETTING = 'time_zone';
const BUILT_IN: Organization = {
  TimeZoneSidKey: 'UTC',
  LocaleSidKey: 'en_US',
  LanguageLocaleKey: 'en_US',
  EmailEncodingKey: 'UTF-8',
  revision: 0,
};

export async function loadOrganization(db: Queryable): Promise<Organization> {
  const stored = (await loadSetting(db, SETTING)) as Partial<Organization> | undefined;
  const timeZone = await loadSetting(db, TIME_ZONE_SETTING);
  return { ...BUILT_IN, ...stored, ...(typeof timeZone === 'string' ? { TimeZoneSidKey: timeZone } : {}) };
}

export function defaultsOf({ revision: _, ...defaults }: Organization): UserDefaults {
  return defaults;
}

/** Existing users keep their values; only new ones get the new defaults. Another time zone is another day for every mapping. */
export async function changeOrganization(
  ground: Ground,
  actor: Actor,
  request: { expected: ExpectedRevision; values: Partial<Record<keyof UserDefaults, string | undefined>> },
): Promise<Organization> {
  const values = checkValues(request.values);
  return await inTransaction(ground.pool, async (tx) => {
    const now = ground.clock.now();
    await lockSetting(tx, SETTING);
    const before = await loadOrganization(tx);
    assertExpectedRevision(request.expected, before.revision, 'The organization');
    const after: Organization = { ...before, ...values, revision: before.revision + 1 };
    if (Object.keys(values).every((name) => before[name as keyof UserDefaults] === after[name as keyof UserDefaults])) {
      return before;
    }
    const { TimeZoneSidKey, ...rest } = after;
    await saveSetting(tx, now, TIME_ZONE_SETTING, TimeZoneSidKey);
    await saveSetting(tx, now, SETTING, rest);
    await writeAudit(tx, now, actor, [
      {
        action: 'organization.changed',
        entityKind: 'organization',
        entityId: SETTING,
        before: defaultsOf(before),
        after: defaultsOf(after),
      },
    ]);
    if (before.TimeZoneSidKey !== TimeZoneSidKey) await markTimeZone(tx, now, TimeZoneSidKey);
    return after;
  });
}

function checkValues(values: Partial<Record<keyof UserDefaults, string | undefined>>): Partial<UserDefaults> {
  const problems: FieldProblem[] = [];
  const checked: Record<string, string> = {};
  for (const [name, raw] of Object.entries(values)) {
    if (raw === undefined) continue;
    const field = STANDARD_USER_FIELDS.find((candidate) => candidate.name === name);
    if (!field) throw new Error(`${name} is not a field`);
    const parsed = parseFieldValue(field, raw, 'json');
    if (!parsed.ok) problems.push({ field: name, problem: parsed.problem, fix: parsed.fix });
    else if (parsed.value === null) problems.push({ field: name, problem: 'is blank', fix: 'Give a value.' });
    else checked[name] = String(parsed.value);
  }
  if (problems.length > 0) {
    throw new Refusal('invalid_value', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
  }
  return checked;
}
