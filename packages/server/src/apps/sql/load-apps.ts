import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type {
  ConfigurationDocument,
  ConfigurationVersion,
  ConnectedApp,
  Quarantine,
  QuarantineDetail,
} from '../connected-app.ts';

interface AppRow {
  id: number;
  name: string;
  label: string;
  description: string | null;
  connector: string;
  base_url: string;
  state: ConnectedApp['state'];
  active_version: number | null;
  rollout_id: number | null;
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

interface VersionRow {
  version: number;
  document: ConfigurationDocument;
  author: string;
  note: string | null;
  created_at: Date;
}

const BY_ID = statement<AppRow>('app-by-id', 'select * from connected_app where id = $1');
const BY_NAME = statement<AppRow>('app-by-name', 'select * from connected_app where lower(name) = lower($1)');
const ALL = statement<AppRow>('apps-all', 'select * from connected_app order by lower(name)');
const LOCKED_BY_ID = statement<AppRow>('app-lock-by-id', 'select * from connected_app where id = $1 for update');
const LOCKED_BY_NAME = statement<AppRow>(
  'app-lock-by-name',
  'select * from connected_app where lower(name) = lower($1) for update',
);
const CONFIGURATION = statement<VersionRow>(
  'app-configuration',
  `select version, document, author, note, created_at from app_configuration where app_id = $1 and version = $2`,
);
const CONFIGURATIONS = statement<VersionRow>(
  'app-configurations',
  `select version, document, author, note, created_at from app_configuration where app_id = $1 order by version desc`,
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

/** An app by its id or name: names begin with a letter. */
export async function findApp(db: Queryable, idOrName: string): Promise<ConnectedApp | undefined> {
  const id = parseAppId(idOrName);
  return id === undefined ? findAppByName(db, idOrName) : findAppById(db, id);
}

/** The same, locked until the transaction ends. */
export async function lockApp(db: Queryable, idOrName: string): Promise<ConnectedApp | undefined> {
  const id = parseAppId(idOrName);
  const row = await (id === undefined ? LOCKED_BY_NAME.find(db, [idOrName]) : LOCKED_BY_ID.find(db, [id]));
  return row && toApp(row);
}

function parseAppId(idOrName: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(idOrName) ? Number(idOrName) : undefined;
}

export async function findConfiguration(
  db: Queryable,
  appId: number,
  version: number,
): Promise<ConfigurationDocument | undefined> {
  return (await findConfigurationVersion(db, appId, version))?.document;
}

export async function findConfigurationVersion(
  db: Queryable,
  appId: number,
  version: number,
): Promise<ConfigurationVersion | undefined> {
  const row = await CONFIGURATION.find(db, [appId, version]);
  return row && toVersion(row);
}

/** Every version, newest first. */
export async function listConfigurationVersions(db: Queryable, appId: number): Promise<ConfigurationVersion[]> {
  return (await CONFIGURATIONS.rows(db, [appId])).map(toVersion);
}

function toVersion({ created_at: createdAt, ...row }: VersionRow): ConfigurationVersion {
  return { ...row, createdAt };
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
    rolloutId: row.rollout_id,
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
