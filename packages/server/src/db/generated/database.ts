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

export interface EffectiveGrantTable {
  app_id: number | null;
  user_id: string | null;
  kind: string | null;
  name: string | null;
  through: string | null;
  expires_at: Timestamp | null;
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

export interface SchemaMigrationTable {
  number: number;
  name: string;
  applied_at: Generated<Timestamp>;
  checksum: string;
  breaking: Generated<boolean>;
}

export interface Database {
  account_link: AccountLinkTable;
  api_key: ApiKeyTable;
  app_assignment: AppAssignmentTable;
  app_configuration: AppConfigurationTable;
  app_credential: AppCredentialTable;
  audit_event: AuditEventTable;
  connected_app: ConnectedAppTable;
  custom_field: CustomFieldTable;
  deactivation_ledger: DeactivationLedgerTable;
  directory_user: DirectoryUserTable;
  effective_grant: EffectiveGrantTable;
  hold: HoldTable;
  instance_setting: InstanceSettingTable;
  link_schedule: LinkScheduleTable;
  open_intent: OpenIntentTable;
  permission_set: PermissionSetTable;
  permission_set_assignment: PermissionSetAssignmentTable;
  permission_set_group: PermissionSetGroupTable;
  permission_set_group_component: PermissionSetGroupComponentTable;
  population_plan: PopulationPlanTable;
  population_plan_change: PopulationPlanChangeTable;
  population_plan_user: PopulationPlanUserTable;
  population_plan_value: PopulationPlanValueTable;
  profile: ProfileTable;
  provisioning_log: ProvisioningLogTable;
  provisioning_request: ProvisioningRequestTable;
  pump_lease: PumpLeaseTable;
  schema_migration: SchemaMigrationTable;
}
