import {
  CommitOutcomeUnknownError,
  isConnectionFailure,
  isSerializationFailure,
  type Pool,
  type PoolClient,
} from '../../db/index.ts';
import type { UserDraft } from '../user.ts';
import type { UserKeyField } from './find-user-ids.ts';

/** A row of the file as it was read. A bad one is kept for its key: its user is there, whatever else is wrong. */
export interface StagedRow {
  readonly line: number;
  readonly id: string;
  readonly key: string | null;
  readonly draft: UserDraft | null;
  readonly bad: boolean;
}

export interface ImportBatchRow {
  readonly line: number;
  /** The id of the new user that the row makes when there is none yet. */
  readonly id: string;
  readonly draft: UserDraft;
  /** Users that the key means; more than one is a fault. */
  readonly userIds: string[];
}

export interface Leavers {
  readonly count: number;
  readonly activeUsers: number;
  /** Changes whenever the leavers do. */
  readonly digest: string;
  readonly users: { id: string; username: string }[];
}

const IMPORT_LOCK = '1970497650, 1768778867';

const CREATE = `
  create temp table if not exists import_row (
    line int primary key, id uuid not null, match_key text, username text, federation text, manager text, draft json,
    bad boolean not null, same boolean not null default false);
  create temp table if not exists import_leaver (id uuid primary key, username text not null);
  truncate import_row, import_leaver`;

const STAGE = `
  insert into import_row (line, id, match_key, username, federation, manager, draft, bad)
  select r.line, r.id, case when $2 then lower(r.key) else r.key end, lower(r.draft ->> 'username'),
    r.draft #>> '{fields,FederationIdentifier}', lower(r.draft #>> '{manager,username}'), r.draft, r.bad
  from json_to_recordset($1) as r (line int, id uuid, key text, draft json, bad boolean)`;

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
 * The rows of one import, in temporary tables of one connection: the file is read once, in flat memory, and is looked at in any
 * order afterwards. Close it.
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
      await client.query(CREATE);
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

  async close(): Promise<void> {
    try {
      if (!this.#broken) {
        await this.client.query(`drop table if exists import_row, import_leaver; select pg_advisory_unlock_all()`);
      }
    } catch (error) {
      this.#broken = error as Error;
    }
    this.client.release(this.#broken);
  }

  async stage(rows: readonly StagedRow[]): Promise<void> {
    await this.client.query({
      name: 'stage-import',
      text: STAGE,
      values: [JSON.stringify(rows), this.#key === 'Username'],
    });
  }

  /** Call it once all rows are staged. */
  async index(): Promise<void> {
    await this.client.query(`
      create index if not exists import_row_match_key on import_row (match_key);
      create index if not exists import_row_username on import_row (username);
      analyze import_row`);
  }

  /** Lets users be written before their managers are, until the transaction ends. */
  async deferManagers(): Promise<void> {
    await this.client.query('set constraints directory_user_manager_id_fkey deferred');
  }

  /** Lines that say the same of what must be unique, each with another one that does; all of them become bad. */
  async refuseDuplicates(
    column: 'match_key' | 'username' | 'federation',
  ): Promise<{ line: number; other: number; value: string; wasBad: boolean }[]> {
    const { rows } = await this.client.query(`
      with repeated as (
        select ${column} as value, (array_agg(line order by line))[1:2] as lines from import_row
        where ${column} is not null group by ${column} having count(*) > 1)
      update import_row r set bad = true
      from repeated d, import_row old
      where r.${column} = d.value and old.line = r.line
      returning r.line, case when r.line = d.lines[1] then d.lines[2] else d.lines[1] end as other, d.value,
        old.bad as "wasBad"`);
    return rows;
  }

  /** Lines without a usable key. */
  async listLinesWithoutKey(): Promise<number[]> {
    const { rows } = await this.client.query<{ line: number }>(
      'select line from import_row where match_key is null order by line limit 100',
    );
    return rows.map((row) => row.line);
  }

  /** The next good rows after a line, in the order of the file; those that were found to change nothing are left out. */
  async listBatch(afterLine: number, limit: number): Promise<ImportBatchRow[]> {
    const { rows } = await this.client.query({
      name: `import-batch-${this.#key}`,
      text: `select r.line, r.id, r.draft,
          array(select u.id from directory_user u where ${MEANS[this.#key]} limit 2) as "userIds"
        from import_row r where r.line > $1 and not r.bad and not r.same order by r.line limit $2`,
      values: [afterLine, limit],
    });
    return rows;
  }

  async settle(lines: { bad: number[]; same: number[] }): Promise<void> {
    if (lines.bad.length > 0) {
      await this.client.query('update import_row set bad = true where line = any ($1::int[])', [lines.bad]);
    }
    if (lines.same.length > 0) {
      await this.client.query('update import_row set same = true where line = any ($1::int[])', [lines.same]);
    }
  }

  /** Ids of the users that good or bad rows will make, by lower-case Username. */
  async findPlanned(usernames: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.client.query<{ asked: string; id: string }>({
      name: 'import-find-planned',
      text: `select n.asked, r.id from unnest($1::text[]) n (asked) join import_row r on r.username = lower(n.asked)`,
      values: [usernames],
    });
    return new Map(rows.map((row) => [row.asked.toLowerCase(), row.id]));
  }

  /** Rows whose manager would be made by a bad row, and so will not be there. Repeat until it gives none. */
  async refuseReportsOfBadRows(): Promise<{ line: number; other: number; manager: string; isNew: boolean }[]> {
    const { rows } = await this.client.query(`
      update import_row r set bad = true from import_row m
      where not r.bad and m.bad and m.username = r.manager
        and not exists (select from directory_user u where lower(u.username) = r.manager and u.deleted_at is null)
      returning r.line, m.line as other, r.manager,
        not exists (select from directory_user u where ${MEANS[this.#key]}) as "isNew"`);
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
