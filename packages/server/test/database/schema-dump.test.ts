import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dumpSchema, generateDatabaseTypes } from '../../src/db/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const STATEMENTS = [
  "create type mood as enum ('good', 'not so good')",
  'create domain short as text check (length(value) < 9)',
  `create table team (id int generated always as identity primary key, name text not null unique,
    lower_name text generated always as (lower(name)) stored) with (fillfactor = 80)`,
  `create table member (id uuid primary key, team_id int not null references team on delete cascade, code short,
    mood mood not null default 'good', state text not null check (state in ('new', 'it''s old')), tags text[] not null default '{}',
    seen timestamptz[], count bigint not null default 0, details json, born date, "Custom__c" numeric,
    constraint positive check (count >= 0))`,
  'create index member_state on member (state, lower(code)) where count > 0',
  "comment on column member.code is 'It''s short'",
  'create view member_of as select m.id, t.name from member m join team t on t.id = m.team_id',
  'create table entry (at timestamptz not null, body text) partition by range (at)',
  'create table entry_default partition of entry default',
  'create index entry_at on entry (at)',
  "create function touch() returns trigger language plpgsql as 'begin return new; end'",
  'create trigger member_touch before update on member for each row execute function touch()',
];

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrated: false });
  for (const statement of STATEMENTS) await db.pool.query(statement);
});
after(() => db.close());

const contents: Array<[string, RegExp]> = [
  ['an enum', /create type mood as enum \(\n {2}'good',\n {2}'not so good'\n\);/],
  ['a domain', /create domain short as text constraint short_check CHECK \(\(length\(VALUE\) < 9\)\);/],
  ['an identity', /id integer generated always as identity not null/],
  ['a generated column', /lower_name text generated always as \(lower\(name\)\) stored/],
  ['storage parameters', /\) with \(fillfactor=80\);/],
  ['a default', /mood mood default 'good'::mood not null/],
  ['a quoted column', /"Custom__c" numeric/],
  ['a foreign key', /constraint member_team_id_fkey FOREIGN KEY \(team_id\) REFERENCES team\(id\) ON DELETE CASCADE/],
  ['a check', /constraint positive CHECK \(count >= 0\)/],
  [
    'a partial index',
    /CREATE INDEX member_state ON public\.member USING btree \(state, lower\(\(code\)::text\)\) WHERE \(count > 0\);/,
  ],
  ['a comment', /comment on column member\.code is 'It''s short';/],
  ['a view', /create view member_of as\n {1,2}SELECT m\.id/],
  ['a partitioned table', /\) partition by RANGE \(at\);/],
  ['a default partition', /create table entry_default partition of entry default;/],
  ['a function', /CREATE OR REPLACE FUNCTION public\.touch\(\)/],
  ['a trigger', /CREATE TRIGGER member_touch BEFORE UPDATE ON member FOR EACH ROW EXECUTE FUNCTION touch\(\);/],
];
for (const [name, form] of contents) {
  test(`the dump has ${name}`, async () => {
    assert.match(await dumpSchema(db.pool), form);
  });
}

test('the dump does not change as partitions come and go', async () => {
  const before = [await dumpSchema(db.pool), await generateDatabaseTypes(db.pool)];
  await db.pool.query("create table entry_2026_01 partition of entry for values from ('2026-01-01') to ('2026-02-01')");
  assert.deepEqual([await dumpSchema(db.pool), await generateDatabaseTypes(db.pool)], before);
});

test('the dump does not depend on the order in which things were made', async () => {
  const other = await createTestDatabase({ migrated: false });
  try {
    await other.pool.query(
      'create table zebra (b int, constraint z check (b > 0), constraint a check (b < 9)); create table ant ()',
    );
    const first = await dumpSchema(other.pool);
    await other.pool.query('drop table zebra, ant');
    await other.pool.query(
      'create table ant (); create table zebra (b int, constraint a check (b < 9), constraint z check (b > 0))',
    );
    assert.equal(await dumpSchema(other.pool), first);
  } finally {
    await other.close();
  }
});

test('the types say what can be null, what may be left out, and which values there are', async () => {
  const types = await generateDatabaseTypes(db.pool);
  const member = /export interface MemberTable \{\n([^}]*)\n\}/
    .exec(types)?.[1]
    ?.split('\n')
    .map((line) => line.trim());
  assert.deepEqual(member, [
    'id: string;',
    'team_id: number;',
    'code: string | null;',
    'mood: Generated<"good" | "not so good">;',
    'state: "new" | "it\'s old";',
    'tags: Generated<Array<string>>;',
    'seen: Array<Date> | null;',
    'count: Generated<number>;',
    'details: Json | null;',
    'born: string | null;',
    'Custom__c: string | null;',
  ]);
  assert.match(
    types,
    /export interface TeamTable \{\n {2}id: GeneratedAlways<number>;\n {2}name: string;\n {2}lower_name: GeneratedAlways<string \| null>;/,
  );
  assert.match(
    types,
    /export interface Database \{\n {2}entry: EntryTable;\n {2}member: MemberTable;\n {2}member_of: MemberOfTable;/,
  );
});

test('a type that the generator does not know is named, with its column', async () => {
  const other = await createTestDatabase({ migrated: false });
  try {
    await other.pool.query('create table shape (outline polygon)');
    await assert.rejects(generateDatabaseTypes(other.pool), /shape\.outline has the type polygon.*add it/);
  } finally {
    await other.close();
  }
});
