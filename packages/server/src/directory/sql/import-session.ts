import { type CopyValue, copyRows } from '../../db/copy.ts';
import {
  CommitOutcomeUnknownError,
  isConnectionFailure,
  isSerializationFailure,
  type Pool,
  type PoolClient,
} from '../../db/index.ts';
import type { UserFields } from '../user.ts';
import type { UserKeyField } from './find-user-ids.ts';

/** What a good row comes to. Absent of a bad one. */
export interface StagedPlan {
  readonly kind: 'created' | 'updated' | 'unchanged';
  /** Of the user that was compared with; 0 of a new one. */
  readonly revision: string;
  readonly newUsername: string;
  readonly wasActive: boolean;
  readonly isActive: boolean;
  readonly profileId: number;
  readonly managerId: string | null;
  readonly fields: UserFields | null;
  /** For the audit: what differs. */
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly visibleToReports: boolean;
}

/** A row of the file with its verdict. A bad one is kept for its key: its user is there, whatever else is wrong. */
export interface StagedRow extends Partial<StagedPlan> {
  readonly line: number;
  /** Of the user it means, or of the new one that it makes. */
  readonly id: string;
  readonly key: string | null;
  readonly username: string | null;
  readonly federation: string | null;
  readonly bad: boolean;
}

export interface StagedAssignment {
  readonly line: number;
  readonly userId: string;
  readonly permissionSetId?: number;
  readonly permissionSetGroupId?: number;
}

export interface ImportTotals {
  created: number;
  updated: number;
  unchanged: number;
  bad: number;
  deactivated: number;
  reactivated: number;
}

export interface Leavers {
  readonly count: number;
  readonly activeUsers: number;
  /** Changes whenever the leavers do. */
  readonly digest: string;
  readonly users: { id: string; username: string }[];
}

const IMPORT_LOCK = '1970497650, 1768778867';

const CREATE = (key: UserKeyField) => `
  create temp table if not exists import_row (
    line int not null, id uuid not null, asked_key text, asked_username text, federation text, bad boolean not null,
    kind text, revision bigint, username text, was_active boolean, is_active boolean, profile_id int, manager_id uuid,
    fields jsonb, before json, after json, visible_to_reports boolean, is_deleted boolean not null default false,
    match_key text generated always as (${key === 'Username' ? 'lower(asked_key)' : 'asked_key'}) stored,
    username_key text generated always as (lower(asked_username)) stored);
  create temp table if not exists import_grant (line int, user_id uuid, permission_set_id int, permission_set_group_id int);
  create temp table if not exists import_revoke (line int, id bigint);
  create temp table if not exists import_leaver (id uuid primary key, username text not null);
  truncate import_row, import_grant, import_revoke, import_leaver;
  create index if not exists import_row_username_key on import_row (username_key)`;

const STAGED = `import_row (line, id, asked_key, asked_username, federation, bad, kind, revision, username, was_active,
  is_active, profile_id, manager_id, fields, before, after, visible_to_reports)`;

function toCells(row: StagedRow): CopyValue[] {
  const { line, id, key, username, federation, bad, kind, revision, newUsername, profileId, managerId } = row;
  const documents = [row.fields, row.before, row.after].map((document) => document && JSON.stringify(document));
  return [
    ...[line, id, key, username, federation, bad, kind, revision, newUsername, row.wasActive, row.isActive],
    ...[profileId, managerId, ...documents, row.visibleToReports],
  ];
}

/** A user that is not deleted and that a row's key means. */
const MEANS: Record<UserKeyField, string> = {
  Username: 'lower(u.username) = r.match_key and u.deleted_at is null',
  FederationIdentifier: `u.fields ->> 'FederationIdentifier' = r.match_key and u.fields ? 'FederationIdentifier'
    and u.deleted_at is null`,
  EmployeeNumber: `u.fields ->> 'EmployeeNumber' = r.match_key and u.fields ? 'EmployeeNumber' and u.deleted_at is null`,
};

/** Users that a file with this key can speak of at all: one without an employee number cannot be missed in it. */
const KNOWN_BY: Record<UserKeyField, string> = {
  Username: 'true',
  FederationIdentifier: `u.fields ? 'FederationIdentifier'`,
  EmployeeNumber: `u.fields ? 'EmployeeNumber'`,
};

/**
 * The judged rows of one import, in temporary tables of one connection: the file is read once, in flat memory, and what it comes
 * to is written without leaving the database. Close it.
 */
export class ImportSession {
  readonly client: PoolClient;
  readonly #key: UserKeyField;
  #broken: Error | undefined;

  private constructor(client: PoolClient, key: UserKeyField) {
    this.client = client;
    this.#key = key;
  }

  static async open(pool: Pool, key: UserKeyField): Promise<ImportSession> {
    const client = await pool.connect();
    try {
      await client.query(CREATE(key));
      return new ImportSession(client, key);
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  /** False when another import holds it. Held until `close`. */
  async tryLock(): Promise<boolean> {
    const { rows } = await this.client.query(`select pg_try_advisory_lock(${IMPORT_LOCK}) as got`);
    return rows[0].got;
  }

  /** Call it when another transaction fills the directory meanwhile: to the planner it is as small as it was. */
  async lookUpByIndex(): Promise<void> {
    await this.client.query('set enable_seqscan = off');
  }

  async close(): Promise<void> {
    try {
      if (!this.#broken) {
        await this.client.query(`drop table if exists import_row, import_grant, import_revoke, import_leaver;
          reset enable_seqscan; select pg_advisory_unlock_all()`);
      }
    } catch (error) {
      this.#broken = error as Error;
    }
    this.client.release(this.#broken);
  }

  /** Users that the keys mean, by the key as it was asked for; more than one is a fault of the key. */
  async findUserIds(keys: readonly string[]): Promise<Map<string, string[]>> {
    const { rows } = await this.client.query<{ asked: string; ids: string[] }>({
      name: `import-find-${this.#key}`,
      text: `select r.asked, u.ids from (
          select k.asked, ${this.#key === 'Username' ? 'lower(k.asked)' : 'k.asked'} as match_key from unnest($1::text[]) k (asked)
        ) r cross join lateral (select array(select u.id from directory_user u where ${MEANS[this.#key]} limit 2) as ids) u`,
      values: [keys],
    });
    return new Map(rows.map((row) => [row.asked, row.ids]));
  }

  async stage(rows: readonly StagedRow[]): Promise<void> {
    await copyRows(this.client, STAGED, rows, toCells);
  }

  async stageAssignments(change: {
    remove: readonly { line: number; id: string }[];
    add: readonly StagedAssignment[];
  }): Promise<void> {
    if (change.add.length > 0) {
      await this.client.query({
        name: 'import-stage-grants',
        text: `insert into import_grant select * from json_to_recordset($1)
          as g (line int, "userId" uuid, "permissionSetId" int, "permissionSetGroupId" int)`,
        values: [JSON.stringify(change.add)],
      });
    }
    if (change.remove.length > 0) {
      await this.client.query({
        name: 'import-stage-revokes',
        text: 'insert into import_revoke select * from json_to_recordset($1) as g (line int, id bigint)',
        values: [JSON.stringify(change.remove)],
      });
    }
  }

  /** Call it once all rows are staged. */
  async index(): Promise<void> {
    await this.client.query(`
      create unique index on import_row (line);
      analyze import_row (line, match_key, manager_id, bad, kind)`);
  }

  /** Lines that say the same of what must be unique, each with another one that does; all of them become bad. */
  async refuseDuplicates(
    column: 'match_key' | 'username_key' | 'federation',
  ): Promise<{ line: number; other: number; value: string }[]> {
    const found = await this.client.query(
      `select from import_row where ${column} is not null group by ${column} having count(*) > 1 limit 1`,
    );
    if (found.rowCount === 0) return [];
    const { rows } = await this.client.query(`
      with repeated as (
        select ${column} as value, (array_agg(line order by line))[1:2] as lines from import_row
        where ${column} is not null group by ${column} having count(*) > 1)
      update import_row r set bad = true from repeated d where r.${column} = d.value
      returning r.line, case when r.line = d.lines[1] then d.lines[2] else d.lines[1] end as other, d.value`);
    return rows;
  }

  /** Lines without a usable key. */
  async listLinesWithoutKey(): Promise<number[]> {
    const { rows } = await this.client.query<{ line: number }>(
      'select line from import_row where match_key is null order by line limit 100',
    );
    return rows.map((row) => row.line);
  }

  /** Ids of the users that rows mean or will make, by the lower-case Username that they will have. */
  async findPlanned(usernames: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.client.query<{ asked: string; id: string }>({
      name: 'import-find-planned',
      text: `select n.asked, r.id from unnest($1::text[]) n (asked)
        cross join lateral (select x.id from import_row x where x.username_key = lower(n.asked) limit 1) r`,
      values: [usernames],
    });
    return new Map(rows.map((row) => [row.asked.toLowerCase(), row.id]));
  }

  /** Replaces a promised id of a manager by that of the user who has the Username after all. */
  async replaceManager(promisedId: string, id: string): Promise<void> {
    await this.client.query(
      `update import_row set manager_id = $2::uuid, after = (after::jsonb || jsonb_build_object('ManagerId', $2::uuid))::json
       where manager_id = $1`,
      [promisedId, id],
    );
  }

  /** Rows whose manager is one of these; they become bad. */
  async refuseManagers(ids: readonly string[]): Promise<{ line: number; managerId: string }[]> {
    const { rows } = await this.client.query(
      `update import_row set bad = true where manager_id = any ($1::uuid[]) and kind <> 'unchanged'
       returning line, manager_id as "managerId"`,
      [ids],
    );
    return rows;
  }

  /** Rows whose manager would be made by a bad row, and so will not be there. Repeat until it gives none. */
  async refuseReportsOfBadRows(): Promise<{ line: number; other: number; manager: string }[]> {
    const { rows } = await this.client.query(`
      update import_row r set bad = true from import_row m
      where not r.bad and m.bad and r.manager_id = m.id and not exists (select from directory_user u where u.id = m.id)
      returning r.line, m.line as other, m.username_key as manager`);
    return rows;
  }

  async countRows(): Promise<ImportTotals> {
    const { rows } = await this.client.query(`select
      (count(*) filter (where not bad and kind = 'created'))::int as created,
      (count(*) filter (where not bad and kind = 'updated'))::int as updated,
      (count(*) filter (where not bad and kind = 'unchanged'))::int as unchanged,
      (count(*) filter (where bad))::int as bad,
      (count(*) filter (where not bad and kind = 'updated' and was_active and not is_active))::int as deactivated,
      (count(*) filter (where not bad and kind = 'updated' and not was_active and is_active))::int as reactivated
      from import_row`);
    return rows[0];
  }

  /** The first rows that change a user. */
  async listChanges(
    limit: number,
  ): Promise<{ line: number; id: string; username: string; outcome: 'created' | 'updated'; fields: string[] }[]> {
    const { rows } = await this.client.query(
      `select line, id, username, kind as outcome, array(
         select jsonb_object_keys(case when kind = 'created' then after::jsonb || fields else after::jsonb end)) as fields
       from import_row where not bad and kind in ('created', 'updated') order by line limit $1`,
      [limit],
    );
    return rows;
  }

  /** Active users whom no row speaks of, not even a bad one. Users made by tests of the product are not people. */
  async collectLeavers(show: number): Promise<Leavers> {
    const known = `u.is_active and u.deleted_at is null and not u.is_test and ${KNOWN_BY[this.#key]}`;
    await this.client.query(`insert into import_leaver (id, username)
      select u.id, u.username from directory_user u
      where ${known} and not exists (select from import_row r where ${MEANS[this.#key]})`);
    const { rows } = await this.client.query(`select count(*)::int as count,
        encode(sha256(convert_to(coalesce(string_agg(id::text, ',' order by id), ''), 'UTF8')), 'hex') as digest,
        (select count(*)::int from directory_user u where ${known}) as "activeUsers" from import_leaver`);
    const shown = await this.client.query('select id, username from import_leaver order by username limit $1', [show]);
    return { ...rows[0], users: shown.rows };
  }

  async listLeaverIds(after: string | null, limit: number): Promise<string[]> {
    const { rows } = await this.client.query<{ id: string }>(
      'select id from import_leaver where $1::uuid is null or id > $1 order by id limit $2',
      [after, limit],
    );
    return rows.map((row) => row.id);
  }

  /** One transaction on the session's connection; runs again when it lost against another. */
  async inTransaction<T>(run: (tx: PoolClient) => Promise<T>, attempts = 3): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#runOnce(run);
      } catch (error) {
        if (attempt >= attempts || !isSerializationFailure(error)) throw error;
      }
    }
  }

  async #runOnce<T>(run: (tx: PoolClient) => Promise<T>): Promise<T> {
    await this.client.query('begin');
    let result: T;
    try {
      result = await run(this.client);
    } catch (error) {
      await this.client.query('rollback').catch((failure: Error) => {
        this.#broken = failure;
      });
      throw error;
    }
    try {
      await this.client.query('commit');
    } catch (error) {
      this.#broken = error as Error;
      throw isConnectionFailure(error) ? new CommitOutcomeUnknownError(error) : error;
    }
    return result;
  }
}
