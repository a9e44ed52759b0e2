import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { ConfigurationDocument, ConnectedApp, Quarantine, QuarantineDetail } from '../connected-app.ts';

interface AppRow {
  id: number;
  name: string;
  label: string;
  description: string | null;
  connector: string;
  base_url: string;
  state: ConnectedApp['state'];
  active_version: number | null;
  create_enabled: boolean;
  update_enabled: boolean;
  deactivate_enabled: boolean;
  reactivate_enabled: boolean;
  deactivation_limit_count: number;
  deactivation_limit_percent: number;
  max_concurrency: number;
  max_per_second: number | null;
  stopped_until: Date | null;
  quarantined_at: Date | null;
  quarantine_cause: Quarantine['cause'] | null;
  quarantine_detail: QuarantineDetail | null;
  probe_at: Date | null;
  probe_attempts: number;
  revision: number;
  created_at: Date;
  updated_at: Date;
}

const BY_ID = statement<AppRow>('app-by-id', 'select * from connected_app where id = $1');
const BY_NAME = statement<AppRow>('app-by-name', 'select * from connected_app where lower(name) = lower($1)');
const ALL = statement<AppRow>('apps-all', 'select * from connected_app order by lower(name)');
const CONFIGURATION = statement<{ document: ConfigurationDocument }>(
  'app-configuration',
  'select document from app_configuration where app_id = $1 and version = $2',
);

export async function findAppById(db: Queryable, id: number): Promise<ConnectedApp | undefined> {
  const row = await BY_ID.find(db, [id]);
  return row && toApp(row);
}

export async function findAppByName(db: Queryable, name: string): Promise<ConnectedApp | undefined> {
  const row = await BY_NAME.find(db, [name]);
  return row && toApp(row);
}

export async function listApps(db: Queryable): Promise<ConnectedApp[]> {
  return (await ALL.rows(db)).map(toApp);
}

export async function findConfiguration(
  db: Queryable,
  appId: number,
  version: number,
): Promise<ConfigurationDocument | undefined> {
  return (await CONFIGURATION.find(db, [appId, version]))?.document;
}

function toApp(row: AppRow): ConnectedApp {
  return {
    id: row.id,
    name: row.name,
    label: row.label,
    description: row.description,
    connector: row.connector,
    baseUrl: row.base_url,
    state: row.state,
    activeVersion: row.active_version,
    triggers: {
      create: row.create_enabled,
      update: row.update_enabled,
      deactivate: row.deactivate_enabled,
      reactivate: row.reactivate_enabled,
    },
    deactivationLimit: { count: row.deactivation_limit_count, percent: row.deactivation_limit_percent },
    maxConcurrency: row.max_concurrency,
    maxPerSecond: row.max_per_second,
    stoppedUntil: row.stopped_until,
    quarantine: toQuarantine(row),
    revision: Number(row.revision),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toQuarantine(row: AppRow): Quarantine | null {
  if (!row.quarantined_at || !row.quarantine_cause || !row.quarantine_detail) return null;
  return {
    since: row.quarantined_at,
    cause: row.quarantine_cause,
    detail: row.quarantine_detail,
    probeAt: row.probe_at ?? row.quarantined_at,
    probeAttempts: row.probe_attempts,
  };
}
