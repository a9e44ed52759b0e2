import type { Triggers } from './link-facts.ts';

export type TriggerName = keyof Triggers;

export const TRIGGERS: readonly TriggerName[] = ['create', 'update', 'deactivate', 'reactivate'];

/** What a trigger does for people, and what its being off does to them: a switch is named by its effect. */
export const TRIGGER_EFFECTS: Readonly<Record<TriggerName, { on: string; off: string }>> = {
  create: { on: 'New users get an account', off: 'New users get no account' },
  update: { on: 'Accounts get new values', off: 'Accounts keep old values' },
  deactivate: { on: 'Leavers lose access', off: 'Leavers keep access' },
  reactivate: { on: 'People who return get access back', off: 'People who return stay locked out' },
};

/** The reason with which the engine leaves a link whose trigger is off. */
export function codeOfTriggerOff(trigger: TriggerName): string {
  return `${trigger}_off`;
}
