import { formatCsvLine } from '../csv.ts';
import type { Queryable } from '../db/index.ts';
import { listUsers, type UserFilter, type UserView } from './sql/list-users.ts';
import { buildUserDocument } from './user-document.ts';
import type { UserFieldCatalog } from './user-fields.ts';

const BATCH = 500;

/** Everybody whom the filter leaves, by Username, page after page: memory does not grow with them. */
async function* readUsers(db: Queryable, filter: UserFilter, now: Date): AsyncGenerator<UserView[]> {
  let after: { id: string; username: string } | undefined;
  for (;;) {
    const page = await listUsers(db, { filter, order: 'Username', after, limit: BATCH, now });
    const last = page.at(-1);
    if (last) yield page;
    if (!last || page.length < BATCH) return;
    after = { id: last.id, username: last.orderKey };
  }
}

export interface UserExport {
  readonly filter: UserFilter;
  readonly catalog: UserFieldCatalog;
  readonly now: Date;
}

/** One JSON object a line and user, with every field. */
export async function* exportUsersJsonLines(
  db: Queryable,
  { filter, catalog, now }: UserExport,
): AsyncGenerator<string> {
  for await (const page of readUsers(db, filter, now))
    yield page.map((user) => `${JSON.stringify(buildUserDocument(user, catalog))}\n`).join('');
}

/** One line a user, headed by the names of the fields. For spreadsheets: no cell can be taken for a formula. */
export async function* exportUsersCsv(db: Queryable, { filter, catalog, now }: UserExport): AsyncGenerator<string> {
  const names = catalog.fields.map(({ name }) => name);
  yield formatCsvLine(names);
  for await (const page of readUsers(db, filter, now))
    yield page.map((user) => formatUser(buildUserDocument(user, catalog), names)).join('');
}

/** Lists of names are written as the import reads them. */
function formatUser(document: Record<string, unknown>, names: readonly string[]): string {
  return formatCsvLine(
    names.map((name) => {
      const value = document[name];
      return Array.isArray(value) ? value.join(';') : value;
    }),
  );
}
