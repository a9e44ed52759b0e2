import type { Triggers } from '../planning/index.ts';

export type TriggerName = keyof Triggers;

export const TRIGGERS: readonly TriggerName[] = ['create', 'update', 'deactivate', 'reactivate'];

/** What a trigger does for people, and what its being off does to them: a switch is named by its effect. */
export const TRIGGER_EFFECTS: Readonly<Record<TriggerName, { on: string; off: string }>> = {
  create: { on: 'Who is granted the app gets an account', off: 'Who is newly granted the app gets no account' },
  update: { on: 'Changes of users reach their accounts', off: 'Changes of users do not reach their accounts' },
  deactivate: { on: 'Leavers lose access', off: 'Leavers keep access' },
  reactivate: { on: 'Who returns gets access back', off: 'Who returns stays locked out' },
};

/** The reason with which the engine leaves a link whose trigger is off. */
export function codeOf(trigger: TriggerName): string {
  return `${trigger}_off`;
}
