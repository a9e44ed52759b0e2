// The tables as Kysely sees them, written by `npm run generate` from the schema. Do not edit.
import type { ColumnType } from 'kysely';

/** May be left out of an insert. */
export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;
/** PostgreSQL alone writes it. */
export type GeneratedAlways<T> = T extends ColumnType<infer S, unknown, unknown> ? ColumnType<S, never, never> : ColumnType<T, never, never>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** Read as the parsed value; written as text, for pg would take an array for one of PostgreSQL's. */
export type Json = ColumnType<unknown, string, string>;

export interface AccessLinkTable {
  id: string;
  kind: "administrator" | "invitation" | "reset" | "status";
  token_hash: Buffer;
  person_id: string | null;
  user_id: string | null;
  created_at: Timestamp;
  created_by: string;
  expires_at: Timestamp;
  used_at: Timestamp | null;
}

export interface AccountLinkTable {
  app_id: number;
  user_id: string;
  remote_id: string | null;
  account_state: Generated<"absent" | "active" | "deactivated" | "deleted">;
  version: number | null;
  applied: Json | null;
  observed: Json | null;
  observed_version: string | null;
  remote_username: string | null;
  standing: Generated<"settled" | "waiting" | "retrying" | "parked" | "held">;
  reason: Json | null;
  request_id: string | null;
  request_created_at: Timestamp | null;
  delete_at: Timestamp | null;
  recreated_at: Timestamp | null;
  linked_at: Timestamp | null;
  updated_at: Timestamp;
  unverified: Generated<boolean>;
  dismissed: "create" | "deactivate" | "reactivate" | "delete" | null;
}

export interface AlertTable {
  id: string;
  key: string;
  kind: string;
  severity: "info" | "warning" | "critical";
  app_id: number | null;
  app: string | null;
  title: string;
  message: string;
  next_step: string;
  link: string | null;
  facts: Json | null;
  created_at: Timestamp;
  resolved_at: Timestamp | null;
}

export interface AlertChannelTable {
  id: GeneratedAlways<number>;
  name: string;
  kind: "webhook" | "email";
  config: Json;
  kinds: Generated<Array<string>>;
  enabled: Generated<boolean>;
  revision: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface AlertDeliveryTable {
  alert_id: string;
  channel_id: number;
  state: Generated<"waiting" | "delivered" | "given up">;
  attempts: Generated<number>;
  next_attempt_at: Timestamp | null;
  last_problem: string | null;
  delivered_at: Timestamp | null;
}

export interface ApiKeyTable {
  id: string;
  name: string;
  hash: Buffer;
  prefix: string;
  scopes: Array<string>;
  created_at: Timestamp;
  created_by: string;
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
  person_id: string | null;
}

export interface AppAssignmentTable {
  id: GeneratedAlways<number>;
  app_id: number;
  profile_id: number | null;
  permission_set_id: number | null;
  permission_set_group_id: number | null;
  created_at: Timestamp;
}

export interface AppConfigurationTable {
  app_id: number;
  version: number;
  document: Json;
  author: string;
  note: string | null;
  created_at: Timestamp;
  reads_manager: GeneratedAlways<boolean>;
  reads_clock: GeneratedAlways<boolean>;
}

export interface AppCredentialTable {
  app_id: number;
  kind: string;
  sealed: string;
  key_id: string;
  origins: Array<string>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface AppGuardsTable {
  app_id: number;
  document: Json;
  updated_at: Timestamp;
  updated_by: string;
}

export interface AppPresentationTable {
  app_id: number;
  contact_name: string | null;
  contact_email: string | null;
  contact_phone: string | null;
  info_url: string | null;
  logo: Buffer | null;
  logo_type: string | null;
  updated_at: Timestamp;
}

export interface AuditEventTable {
  id: GeneratedAlways<number>;
  at: Timestamp;
  actor_kind: "api key" | "person" | "command line" | "system";
  actor: string;
  action: string;
  entity_kind: string;
  entity_id: string;
  app_id: number | null;
  user_id: string | null;
  before: Json | null;
  after: Json | null;
  reason: string | null;
  origin: string | null;
  erasure_id: number | null;
  person_id: string | null;
  role: string | null;
  through: string | null;
  user_agent: string | null;
  request_id: string | null;
}

export interface AuthorizationAttemptTable {
  id: string;
  state_hash: Buffer;
  app_id: number;
  callback_url: string;
  browser_hash: Buffer | null;
  begun_by: string;
  sealed: string;
  settings_hash: string;
  return_to: string | null;
  created_at: Timestamp;
  expires_at: Timestamp;
  used_at: Timestamp | null;
}

export interface ClientCertificateTable {
  app_id: number;
  certificate: string;
  subject: string;
  fingerprint: string;
  not_before: Timestamp;
  not_after: Timestamp;
  updated_at: Timestamp;
}

export interface ConnectedAppTable {
  id: GeneratedAlways<number>;
  name: string;
  label: string;
  description: string | null;
  connector: string;
  base_url: string;
  state: Generated<"draft" | "active" | "paused">;
  active_version: number | null;
  create_enabled: Generated<boolean>;
  update_enabled: Generated<boolean>;
  deactivate_enabled: Generated<boolean>;
  reactivate_enabled: Generated<boolean>;
  deactivation_limit_count: Generated<number>;
  deactivation_limit_percent: Generated<number>;
  max_concurrency: Generated<number>;
  max_per_second: number | null;
  stopped_until: Timestamp | null;
  quarantined_at: Timestamp | null;
  quarantine_cause: string | null;
  quarantine_detail: Json | null;
  probe_at: Timestamp | null;
  probe_attempts: Generated<number>;
  revision: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
  rollout_id: number | null;
  day_marked: string | null;
  quarantine_alert_at: Timestamp | null;
}

export interface CredentialExpiryTable {
  app_id: number;
  what: "credential" | "consumer secret" | "staged secret" | "client certificate";
  expires_at: Timestamp;
  why: string;
  put_off: Generated<boolean>;
  told_days: number | null;
}

export interface CredentialHealthTable {
  app_id: number;
  kind: string;
  grant_type: string | null;
  generation: Generated<number>;
  state: Generated<"live" | "refused" | "dead">;
  obtained_at: Timestamp;
  access_expires_at: Timestamp | null;
  has_refresh_token: Generated<boolean>;
  refresh_issued_at: Timestamp | null;
  rotates: boolean | null;
  refreshes: Generated<number>;
  account: Json | null;
  owner_user_id: string | null;
  authorized_at: Timestamp;
  authorized_by: string;
  scopes_requested: Generated<Array<string>>;
  scopes_granted: Generated<Array<string>>;
  verified_at: Timestamp | null;
  verification: Json | null;
  policy: Json | null;
  learned: Json | null;
  last_used_at: Timestamp | null;
  last_used_for: string | null;
  predicted_death_at: Timestamp | null;
  predicted_why: string | null;
  keep_alive_at: Timestamp | null;
  suspended: Generated<boolean>;
  died_at: Timestamp | null;
  problem: Json | null;
  failures: Generated<number>;
  retry_at: Timestamp | null;
  attempt_id: string | null;
  attempt_started_at: Timestamp | null;
  attempt_deadline: Timestamp | null;
  lost_since: Timestamp | null;
}

export interface CredentialLifeTable {
  id: GeneratedAlways<number>;
  app_id: number;
  kind: string;
  authorized_at: Timestamp;
  died_at: Timestamp;
  idle_seconds: number | null;
  age_seconds: number;
  cause: string;
  message: string;
}

export interface CustomFieldTable {
  name: string;
  label: string;
  type: "text" | "number" | "boolean" | "date" | "dateTime" | "picklist" | "multipicklist";
  length: number | null;
  picklist_values: Array<string> | null;
  required: Generated<boolean>;
  created_at: Timestamp;
  updated_at: Timestamp;
  revision: Generated<number>;
}

export interface DeactivationLedgerTable {
  app_id: number;
  user_id: string;
  at: Timestamp;
  released: Generated<boolean>;
}

export interface DirectoryUserTable {
  id: string;
  username: string;
  is_active: boolean;
  profile_id: number;
  manager_id: string | null;
  is_test: Generated<boolean>;
  fields: Json;
  revision: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
}

export interface DismissalTable {
  id: GeneratedAlways<number>;
  app_id: number;
  user_id: string;
  operation: string;
  changes: Json | null;
  reason: string;
  at: Timestamp;
  by: string;
  undone_at: Timestamp | null;
  undone_by: string | null;
}

export interface DrillTable {
  id: string;
  app_id: number;
  user_id: string;
  username: string;
  version: number;
  fingerprint: string;
  connector: string;
  base_url: string;
  state: "waiting" | "running" | "passed" | "failed" | "cancelled";
  created_at: Timestamp;
  created_by: string;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
  remote_id: string | null;
  problem: string | null;
  next_step: string | null;
  cancel_requested: Generated<boolean>;
}

export interface DrillStepTable {
  drill_id: string;
  ordinal: number;
  step: string;
  state: "running" | "passed" | "failed" | "skipped";
  message: string;
  started_at: Timestamp;
  finished_at: Timestamp | null;
  exchanges: Json | null;
}

export interface EffectiveGrantTable {
  app_id: number | null;
  user_id: string | null;
  kind: string | null;
  name: string | null;
  through: string | null;
  expires_at: Timestamp | null;
}

export interface GuardLedgerTable {
  app_id: number;
  guard: string;
  user_id: string;
  at: Timestamp;
  released: Generated<boolean>;
}

export interface HoldTable {
  id: GeneratedAlways<number>;
  app_id: number;
  user_id: string;
  guard: string;
  operation: string;
  change_hash: string;
  state: Generated<"open" | "released" | "rejected" | "closed">;
  reason: string;
  changes: Json | null;
  request_id: string | null;
  request_created_at: Timestamp | null;
  opened_at: Timestamp;
  decided_at: Timestamp | null;
  decided_by: string | null;
  note: string | null;
  next_alert_at: Timestamp | null;
  cause: Generated<string>;
  approvers: Json | null;
  passed: Generated<Array<string>>;
  alerts: Generated<number>;
  let_go_at: Timestamp | null;
}

export interface IgnoredAccountTable {
  app_id: number;
  remote_id: string;
  at: Timestamp;
  by: string;
  note: string | null;
}

export interface InstanceSettingTable {
  name: string;
  value: Json;
  updated_at: Timestamp;
}

export interface LinkScheduleTable {
  app_id: number;
  user_id: string;
  wanted_rev: Generated<number>;
  done_rev: Generated<number>;
  next_due_at: Timestamp | null;
  urgency: Generated<number>;
  attempts: Generated<number>;
  read_first: Generated<boolean>;
}

export interface MatchingAccountTable {
  report_id: string;
  remote_id: string;
  name: string | null;
  display_name: string | null;
  email: string | null;
  active: boolean | null;
  keys: Array<number>;
}

export interface MatchingItemTable {
  report_id: string;
  id: number;
  category: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
  remote_id: string | null;
  account_name: string | null;
  display_name: string | null;
  email: string | null;
  active: boolean | null;
  user_id: string | null;
  username: string | null;
  standing: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted" | null;
  matched_by: string | null;
  linked: Generated<boolean>;
  other_accounts: Generated<Array<string>>;
  other_users: Generated<Array<string>>;
  explanation: string | null;
  decision: "link" | "ignore" | null;
  decided_at: Timestamp | null;
  decided_by: string | null;
  decision_note: string | null;
  refusal: string | null;
}

export interface MatchingReportTable {
  id: string;
  app_id: number;
  version: number;
  connector: string;
  base_url: string;
  state: "waiting" | "reading" | "matching" | "ready" | "failed" | "cancelled";
  created_at: Timestamp;
  created_by: string;
  note: string | null;
  started_at: Timestamp | null;
  finished_at: Timestamp | null;
  cursor: string | null;
  pages: Generated<number>;
  accounts: Generated<number>;
  at_user: string | null;
  users: Generated<number>;
  retry_at: Timestamp | null;
  failures: Generated<number>;
  problem: string | null;
  cancel_requested: Generated<boolean>;
  counts: Json | null;
}

export interface MatchingResolutionTable {
  id: string;
  report_id: string;
  decision: "link" | "ignore" | "undecided";
  filter: Json;
  note: string | null;
  state: "waiting" | "running" | "done" | "failed";
  at_item: Generated<number>;
  done: Generated<number>;
  refused: Generated<number>;
  created_at: Timestamp;
  actor: Json;
  finished_at: Timestamp | null;
  problem: string | null;
}

export interface MatchingRuleTable {
  app_id: number;
  ordinal: number;
  decision: "link" | "ignore";
  filter: Json;
  note: string | null;
}

export interface MatchingUserTable {
  report_id: string;
  user_id: string;
  username: string;
  standing: string;
  keys: Array<number>;
  linked: string | null;
}

export interface OauthSettingsTable {
  app_id: number;
  document: Json;
  consumer_key: string | null;
  consumer_source: "generated" | "entered" | "registered" | null;
  consumer_secret_expires_at: Timestamp | null;
  staged_key: string | null;
  staged_state: "staged" | "rotated" | null;
  staged_at: Timestamp | null;
  staged_by: string | null;
  staged_expires_at: Timestamp | null;
  staged_worked_at: Timestamp | null;
  registration: Json | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface OpenIntentTable {
  id: GeneratedAlways<number>;
  tx: Generated<string>;
  app_id: number;
  epoch: number;
  written_at: Timestamp;
  deadline: Timestamp;
  request_ids: Array<string>;
  created_ats: Array<Date>;
  user_ids: Array<string>;
  operations: Array<string>;
  causes: Array<string>;
  versions: Array<number>;
  attempts: Array<number>;
}

export interface PasskeyTable {
  id: string;
  person_id: string;
  credential_id: string;
  public_key: Buffer;
  counter: number;
  transports: Array<string>;
  name: string;
  backed_up: boolean;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
}

export interface PermissionSetTable {
  id: GeneratedAlways<number>;
  name: string;
  label: string;
  description: string | null;
  revision: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface PermissionSetAssignmentTable {
  id: GeneratedAlways<number>;
  user_id: string;
  permission_set_id: number | null;
  permission_set_group_id: number | null;
  expires_at: Timestamp | null;
  created_at: Timestamp;
}

export interface PermissionSetGroupTable {
  id: GeneratedAlways<number>;
  name: string;
  label: string;
  description: string | null;
  revision: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface PermissionSetGroupComponentTable {
  permission_set_group_id: number;
  permission_set_id: number;
}

export interface PersonTable {
  id: string;
  email: string;
  name: string;
  role: "administrator" | "operator" | "help desk" | "auditor";
  password_hash: string | null;
  password_changed_at: Timestamp | null;
  totp_sealed: string | null;
  totp_confirmed_at: Timestamp | null;
  totp_last_step: Generated<number>;
  created_at: Timestamp;
  created_by: string;
  updated_at: Timestamp;
  last_sign_in_at: Timestamp | null;
  disabled_at: Timestamp | null;
  revision: Generated<number>;
}

export interface PersonIdentityTable {
  issuer: string;
  subject: string;
  person_id: string;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
}

export interface PopulationPlanTable {
  id: string;
  app_id: number;
  state: "waiting" | "running" | "ready" | "failed" | "cancelled" | "applying" | "applied";
  document: Json;
  version: number | null;
  base_version: number | null;
  connector: string;
  base_url: string;
  scope: Json | null;
  planned_at: Timestamp;
  created_at: Timestamp;
  created_by: string;
  note: string | null;
  finished_at: Timestamp | null;
  total: Generated<number>;
  done: Generated<number>;
  at_user: string | null;
  counts: Json;
  collisions: Json | null;
  problem: string | null;
  cancel_requested: Generated<boolean>;
  applied_at: Timestamp | null;
  applied_by: string | null;
  applied_version: number | null;
  marked: Generated<number>;
  left_out: Generated<number>;
}

export interface PopulationPlanChangeTable {
  plan_id: string;
  user_id: string;
  username: string;
  operation: "create" | "update" | "deactivate" | "reactivate" | "delete" | "unlink" | "look for" | "park";
  hash: string;
  cause: string;
  movement: "enters" | "leaves" | null;
  held: Generated<boolean>;
  changes: Json;
  paths: Array<string>;
  reason: Json | null;
  left_out: string | null;
}

export interface PopulationPlanUserTable {
  plan_id: string;
  user_id: string;
}

export interface PopulationPlanValueTable {
  plan_id: string;
  path: string;
  hash: number;
  user_id: string;
}

export interface ProfileTable {
  id: GeneratedAlways<number>;
  name: string;
  description: string | null;
  revision: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface ProvisioningLogTable {
  id: Generated<number>;
  at: Timestamp;
  tx: Generated<string>;
  app_id: number;
  user_id: string;
  request_id: string;
  attempt: number;
  operation: string;
  outcome: string;
  reason_code: string | null;
  message: string;
  next_step: string | null;
  exchanges: Json | null;
  answer: Json | null;
}

export interface ProvisioningRequestTable {
  id: string;
  created_at: Timestamp;
  app_id: number;
  user_id: string;
  operation: "create" | "update" | "deactivate" | "reactivate" | "delete" | "link";
  state: "New" | "Requested" | "Completed" | "Failed" | "Retried" | "Manually Completed";
  cause: string;
  version: number | null;
  attempts: Generated<number>;
  changes: Json | null;
  outcome: string | null;
  reason_code: string | null;
  reason: string | null;
  next_step: string | null;
  retry_at: Timestamp | null;
  parent_id: string | null;
  completed_at: Timestamp | null;
  completed_by: string | null;
  note: string | null;
}

export interface PumpLeaseTable {
  app_id: number;
  holder: string;
  epoch: number;
  expires_at: Timestamp;
}

export interface RecoveryCodeTable {
  person_id: string;
  hash: Buffer;
  used_at: Timestamp | null;
}

export interface RollbackTable {
  id: GeneratedAlways<number>;
  rollout_id: number;
  app_id: number;
  from_stage: number;
  from_version: number;
  to_version: number | null;
  state: "healing" | "proving" | "done";
  at: Timestamp;
  by: string;
  reason: string;
  marked: Generated<number>;
  at_user: string | null;
  finished_at: Timestamp | null;
}

export interface RollbackAccountTable {
  rollback_id: number;
  user_id: string;
  rev: number;
  state: Generated<"healing" | "as before" | "differs" | "gone" | "no account" | "held" | "parked" | "left" | "could not be read">;
  differences: Json | null;
  detail: string | null;
  read_at: Timestamp | null;
}

export interface RolloutTable {
  id: GeneratedAlways<number>;
  app_id: number;
  version: number;
  base_version: number | null;
  state: "planned" | "running" | "paused" | "halted" | "stopped" | "completed" | "rolled back" | "superseded";
  stage: Generated<number>;
  settings: Json;
  without_rollout: string | null;
  added_paths: Generated<Array<string>>;
  halt: Json | null;
  revision: Generated<number>;
  note: string | null;
  created_at: Timestamp;
  created_by: string;
  started_at: Timestamp | null;
  ended_at: Timestamp | null;
  changed_at: Timestamp;
  changed_by: string;
  changed_how: string;
}

export interface RolloutPilotTable {
  rollout_id: number;
  user_id: string | null;
  profile_id: number | null;
  permission_set_id: number | null;
}

export interface RolloutReachTable {
  rollout_id: number;
  user_id: string;
  stage: number;
  at: Timestamp;
  rev: number;
  because: string;
  was_parked: Generated<boolean>;
  observed: Json | null;
  undone_at: Timestamp | null;
  parked_for: string | null;
}

export interface RolloutStageTable {
  rollout_id: number;
  ordinal: number;
  kind: "pilot" | "percent" | "everyone";
  percent: number | null;
  started_at: Timestamp | null;
  started_by: string | null;
  override_reason: string | null;
  overridden: Json | null;
  soaked_ms: Generated<number>;
  seen_at: Timestamp | null;
  seen_by: string | null;
  reached: Generated<number>;
}

export interface SchemaMigrationTable {
  number: number;
  name: string;
  applied_at: Generated<Timestamp>;
  checksum: string;
  breaking: Generated<boolean>;
}

export interface SealedSecretTable {
  owner: string;
  field: string;
  app_id: number | null;
  sealed: string;
  key_id: string;
  origins: Array<string>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface SessionTable {
  id: string;
  token_hash: Buffer;
  person_id: string;
  stage: "enrolling" | "full";
  method: string;
  created_at: Timestamp;
  proved_at: Timestamp;
  last_seen_at: Timestamp;
  expires_at: Timestamp;
  address: string;
  user_agent: string;
}

export interface SignInAttemptTable {
  token_hash: Buffer;
  person_id: string | null;
  proved: string | null;
  failures: Generated<number>;
  challenge: string | null;
  payload: Json | null;
  created_at: Timestamp;
  expires_at: Timestamp;
}

export interface SignInLimitTable {
  subject: string;
  wrong: number;
  at: Timestamp;
}

export interface Database {
  access_link: AccessLinkTable;
  account_link: AccountLinkTable;
  alert: AlertTable;
  alert_channel: AlertChannelTable;
  alert_delivery: AlertDeliveryTable;
  api_key: ApiKeyTable;
  app_assignment: AppAssignmentTable;
  app_configuration: AppConfigurationTable;
  app_credential: AppCredentialTable;
  app_guards: AppGuardsTable;
  app_presentation: AppPresentationTable;
  audit_event: AuditEventTable;
  authorization_attempt: AuthorizationAttemptTable;
  client_certificate: ClientCertificateTable;
  connected_app: ConnectedAppTable;
  credential_expiry: CredentialExpiryTable;
  credential_health: CredentialHealthTable;
  credential_life: CredentialLifeTable;
  custom_field: CustomFieldTable;
  deactivation_ledger: DeactivationLedgerTable;
  directory_user: DirectoryUserTable;
  dismissal: DismissalTable;
  drill: DrillTable;
  drill_step: DrillStepTable;
  effective_grant: EffectiveGrantTable;
  guard_ledger: GuardLedgerTable;
  hold: HoldTable;
  ignored_account: IgnoredAccountTable;
  instance_setting: InstanceSettingTable;
  link_schedule: LinkScheduleTable;
  matching_account: MatchingAccountTable;
  matching_item: MatchingItemTable;
  matching_report: MatchingReportTable;
  matching_resolution: MatchingResolutionTable;
  matching_rule: MatchingRuleTable;
  matching_user: MatchingUserTable;
  oauth_settings: OauthSettingsTable;
  open_intent: OpenIntentTable;
  passkey: PasskeyTable;
  permission_set: PermissionSetTable;
  permission_set_assignment: PermissionSetAssignmentTable;
  permission_set_group: PermissionSetGroupTable;
  permission_set_group_component: PermissionSetGroupComponentTable;
  person: PersonTable;
  person_identity: PersonIdentityTable;
  population_plan: PopulationPlanTable;
  population_plan_change: PopulationPlanChangeTable;
  population_plan_user: PopulationPlanUserTable;
  population_plan_value: PopulationPlanValueTable;
  profile: ProfileTable;
  provisioning_log: ProvisioningLogTable;
  provisioning_request: ProvisioningRequestTable;
  pump_lease: PumpLeaseTable;
  recovery_code: RecoveryCodeTable;
  rollback: RollbackTable;
  rollback_account: RollbackAccountTable;
  rollout: RolloutTable;
  rollout_pilot: RolloutPilotTable;
  rollout_reach: RolloutReachTable;
  rollout_stage: RolloutStageTable;
  schema_migration: SchemaMigrationTable;
  sealed_secret: SealedSecretTable;
  session: SessionTable;
  sign_in_attempt: SignInAttemptTable;
  sign_in_limit: SignInLimitTable;
}
