import type { AppRuntime, ConnectedApp } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import type { PlannedChange } from '../planning/index.ts';
import { codeOfTriggerOff, TRIGGER_EFFECTS, TRIGGERS, type TriggerName } from '../planning/index.ts';
import { planUndone } from './plan-undone.ts';
import { countUndoneByCode, listUndoneRows } from './sql/undone.ts';

/** A trigger as a switch that names its effect, with what its being off left undone. */
export interface TriggerSwitch {
  trigger: TriggerName;
  on: boolean;
  /** What it does now: "Leavers keep access". */
  effect: string;
  /** What the other position of the switch would do. */
  otherwise: string;
  undone: number;
}

/** What an off trigger left undone for one user. */
export interface Undone {
  userId: string;
  username: string;
  trigger: TriggerName;
  since: Date;
  /** As it would be sent if the trigger were on; none where the user has changed since, and it is looked at again. */
  operation: string | null;
  changes: PlannedChange[];
}

export async function listSwitches(
  db: Queryable,
  { id, triggers }: Pick<ConnectedApp, 'id' | 'triggers'>,
): Promise<TriggerSwitch[]> {
  const counts = await countUndoneByCode(db, id, TRIGGERS.map(codeOfTriggerOff));
  return TRIGGERS.map((trigger) => {
    const on = triggers[trigger];
    const { on: whenOn, off: whenOff } = TRIGGER_EFFECTS[trigger];
    const [effect, otherwise] = on ? [whenOn, whenOff] : [whenOff, whenOn];
    return { trigger, on, effect, otherwise, undone: counts.get(codeOfTriggerOff(trigger)) ?? 0 };
  });
}

/** What off triggers left undone, in the order of the users' ids. `runtime` undefined: nothing was ever configured. */
export async function listUndone(
  db: Queryable,
  runtime: AppRuntime | undefined,
  trigger: TriggerName | undefined,
  page: { limit: number; after?: string | undefined },
  now: Date,
): Promise<Undone[]> {
  if (!runtime) return [];
  const codes = trigger === undefined ? TRIGGERS.map(codeOfTriggerOff) : [codeOfTriggerOff(trigger)];
  const rows = await listUndoneRows(db, runtime.app.id, codes, page);
  const changes = await planUndone(
    db,
    runtime,
    rows.map(({ userId }) => userId),
    now,
  );
  return rows.map(({ code, ...row }) => {
    const change = changes.get(row.userId);
    const found = TRIGGERS.find((name) => codeOfTriggerOff(name) === code) ?? 'update';
    return { ...row, trigger: found, operation: change?.operation ?? null, changes: change?.changes ?? [] };
  });
}
