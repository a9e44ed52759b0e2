import { assignmentRoutes } from '../../src/http/assignment-routes.ts';
import { directoryRoutes } from '../../src/http/directory-routes.ts';
import { type Answer, createHttpFixture, type HttpFixture } from '../http/http-fixture.ts';

/** The directory behind its routes, with a profile that new users get when they name none. */
export interface DirectoryFixture extends HttpFixture {
  /** The body of a good answer; throws with the answer otherwise. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ok(method: string, url: string, body?: unknown, ifMatch?: string): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  createUser(username: string, more?: Record<string, unknown>): Promise<any>;
  importCsv(csv: string | Buffer, query?: string): Promise<Answer>;
  /** Everything that a wrong request must leave as it is. */
  snapshot(): Promise<string>;
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

export async function createDirectoryFixture(): Promise<DirectoryFixture> {
  const http = await createHttpFixture((ground) => [directoryRoutes(ground), assignmentRoutes(ground)]);
  const query = async (text: string, values: unknown[] = []) => (await http.database.pool.query(text, values)).rows;
  const ok = async (method: string, url: string, body?: unknown, ifMatch = '*') => {
    const headers: Record<string, string> = method === 'GET' ? {} : { 'if-match': ifMatch };
    const answer = await http.send(method, `/api/v1${url}`, { body, headers });
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  await ok('POST', '/profiles', { Name: 'Standard User' });
  return {
    ...http,
    ok,
    query,
    createUser: (username, more = {}) =>
      ok('POST', '/users', { Username: username, LastName: 'Smith', Email: username, ...more }),
    importCsv: async (csv, queryText = '') => {
      const answer = await http.app.inject({
        method: 'POST',
        url: `/api/v1/users/import${queryText}`,
        headers: { host: 'localhost:4780', authorization: `Bearer ${http.adminKey}`, 'content-type': 'text/csv' },
        payload: csv,
      });
      const isJson = /json/.test(String(answer.headers['content-type']));
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.body,
        json: isJson ? JSON.parse(answer.body) : undefined,
      };
    },
    snapshot: async () => {
      const tables = [
        'directory_user',
        'profile',
        'permission_set',
        'permission_set_group',
        'permission_set_group_component',
        'permission_set_assignment',
        'custom_field',
        'audit_event',
        'link_schedule',
        'instance_setting',
      ];
      const parts = await Promise.all(
        tables.map((table) => query(`select coalesce(json_agg(t order by t::text), '[]') as rows from ${table} t`)),
      );
      return JSON.stringify(parts);
    },
  };
}
