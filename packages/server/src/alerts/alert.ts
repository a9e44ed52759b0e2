/** What is told by alerts. Closed: channels choose among them. */
export const ALERT_KINDS = [
  'credential_expiring',
  'credential_dead',
  'credential_restored',
  'hold_waiting',
  'rollout_halted',
  'rollout_rolled_back',
  'rollout_ready',
  'rollback_unproved',
  'app_quarantined',
  'app_quarantine_ended',
  'deletions_pending',
  'test',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that a person should know without looking. No secret and no personal value is in it. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly appId: number | null;
  readonly app: string | null;
  readonly title: string;
  readonly message: string;
  readonly nextStep: string;
  /** The page on which the next step is taken. */
  readonly link: string | null;
  readonly facts: Record<string, unknown> | null;
  readonly createdAt: Date;
  readonly resolvedAt: Date | null;
}

export interface NewAlert {
  /** Of the cause: another alert with the same key is not raised. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly appId?: number | undefined;
  readonly app?: string | undefined;
  readonly title: string;
  readonly message: string;
  readonly nextStep: string;
  readonly link?: string | undefined;
  readonly facts?: Record<string, unknown> | undefined;
}
