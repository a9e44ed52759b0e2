import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ImportProgress, importUsers } from '../../src/directory/index.ts';
import { Refusal } from '../../src/refusal.ts';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

// Files so large that their first rows are written while the last ones are still judged.

const ROWS = 12_000;
const HEAD = 'Username,LastName,Email,Title,Manager,PermissionSets,FederationIdentifier\n';
const ACTOR = {
  kind: 'person',
  name: 'admin@large.example',
  personId: '00000000-0000-7000-8000-000000000001',
  role: 'administrator',
} as const;

let dir: DirectoryFixture;
before(async () => {
  dir = await createDirectoryFixture();
  await dir.ok('POST', '/permission-sets', { Name: 'Crm' });
});
after(() => dir.close());

/** Every tenth is the manager of those before. */
function row(n: number, { title = 'Clerk', domain = 'large.example' } = {}): string {
  const boss = Math.min(n + 10 - (n % 10), ROWS);
  const manager = boss === n ? '' : `p${boss}@${domain}`;
  return `p${n}@${domain},Person ${n},p${n}@${domain},${title},${manager},Crm,${domain}-${n}\n`;
}

function file(domain: string, change: (n: number) => string = (n) => row(n, { domain })): string {
  return HEAD + Array.from({ length: ROWS }, (_, index) => change(index + 1)).join('');
}

interface Run {
  readonly text: string;
  /** Runs when so many rows were read. */
  readonly meanwhile?: { rows: number; act: () => Promise<void> };
  readonly slowly?: boolean;
}

async function run({ text, meanwhile, slowly = false }: Run) {
  const bytes = Buffer.from(text);
  const seen: ImportProgress[] = [];
  let acting: Promise<void> | undefined;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const size = 65_536;
    for (let from = 0; from < bytes.length; from += size) {
      if (slowly && from === size) await new Promise((resolve) => setTimeout(resolve, 3_200));
      yield bytes.subarray(from, from + size);
    }
  }
  try {
    const report = await importUsers(dir.ground, ACTOR, {
      source: pieces(),
      mode: 'all-or-nothing',
      dryRun: false,
      key: 'Username',
      onProgress: (progress) => {
        seen.push(progress);
        if (meanwhile && progress.phase === 'reading' && progress.done >= meanwhile.rows) acting ??= meanwhile.act();
      },
    });
    return { report, seen };
  } finally {
    await acting;
  }
}

async function refusalOf(request: Run): Promise<Refusal> {
  const error = await run(request).then(
    () => undefined,
    (reason) => reason,
  );
  assert.ok(error instanceof Refusal, String(error));
  return error;
}

const countOf = async (domain: string) =>
  (await dir.query('select count(*)::int as n from directory_user where username like $1', [`%@${domain}`]))[0]?.['n'];

for (const slowly of [false, true]) {
  const domain = slowly ? 'slow.example' : 'quick.example';
  test(`A file that comes ${slowly ? 'slowly' : 'at once'} is imported whole, with managers, permission sets and audit`, async () => {
    const { report, seen } = await run({ text: file(domain), slowly });
    assert.deepEqual([report.created, report.problemCount, report.changes.length], [ROWS, 0, 1_000]);
    assert.deepEqual([...new Set(seen.map(({ phase }) => phase))], ['reading', 'checking', 'writing', 'marking']);
    assert.equal(await countOf(domain), ROWS);
    const [facts] = await dir.query(
      `select
         (select count(*)::int from directory_user u join directory_user m on m.id = u.manager_id
          where u.username like $1 and m.username like 'p%0@%') as managed,
         (select count(*)::int from permission_set_assignment a join directory_user u on u.id = a.user_id
          where u.username like $1) as held,
         (select count(*)::int from audit_event e join directory_user u on u.id = e.user_id
          where u.username like $1 and e.action = 'user.created' and e.entity_id = u.id::text and e.before is null
            and e.after ->> 'Username' = u.username and e.after ->> 'Title' = 'Clerk' and e.after ->> 'Profile' = 'Standard User'
            and e.after ->> 'PermissionSets' is not null
            and (e.actor, e.role, e.person_id::text) = ($2, 'administrator', $3) and e.reason like 'CSV import %') as audited`,
      [`%@${domain}`, ACTOR.name, ACTOR.personId],
    );
    assert.deepEqual(facts, { managed: ROWS - 1, held: ROWS, audited: ROWS });
    const again = await run({ text: file(domain), slowly: false });
    assert.deepEqual([again.report.unchanged, again.report.created, again.report.updated], [ROWS, 0, 0]);
  });
}

test('Updates of many users are written with what they were before', async () => {
  const changed = file('quick.example', (n) => row(n, { domain: 'quick.example', title: n % 2 ? 'Clerk' : 'Chief' }));
  const { report } = await run({ text: changed });
  assert.deepEqual([report.updated, report.unchanged], [ROWS / 2, ROWS / 2]);
  assert.deepEqual(report.changes.at(-1)?.fields, ['Title']);
  const [{ n } = {}] = await dir.query(
    `select count(*)::int as n from audit_event where action = 'user.updated' and before ->> 'Title' = 'Clerk'
     and after ->> 'Title' = 'Chief'`,
  );
  assert.equal(n, ROWS / 2);
});

test('The first changes are shown although they come late in the file', async () => {
  const changed = file('quick.example', (n) =>
    row(n, { domain: 'quick.example', title: n % 2 || n > 9_000 ? 'Boss' : 'Chief' }),
  );
  const { report } = await run({ text: changed });
  assert.ok(report.changes.every(({ fields }) => fields.includes('Title')));
  assert.equal(report.changes[0]?.line, 2);
});

const LAST_LINE = ROWS + 1;
for (const [what, last, places] of [
  ['repeats the Username of the first', row(1, { domain: 'bad.example', title: 'Other' }), [2, LAST_LINE]],
  ['repeats the FederationIdentifier of the first', `z@bad.example,Z,z@bad.example,,,,bad.example-1\n`, [2, LAST_LINE]],
  ['has no address', 'z@bad.example,Z,nowhere,,,,\n', [LAST_LINE]],
  ['names a manager who is nobody', 'z@bad.example,Z,z@bad.example,,nobody@bad.example,,\n', [LAST_LINE]],
] as const) {
  test(`Nothing of a file stays when its last line ${what}`, async () => {
    const before = await dir.query('select count(*)::int as n from audit_event');
    const refusal = await refusalOf({
      text: file('bad.example', (n) => (n === ROWS ? last : row(n, { domain: 'bad.example' }))).replaceAll(
        `p${ROWS}@bad.example`,
        '',
      ),
    });
    assert.deepEqual(
      [...new Set(refusal.problems.map(({ field }) => Number(/^line (\d+)/.exec(field)?.[1])))],
      places,
      JSON.stringify(refusal.problems),
    );
    assert.equal(await countOf('bad.example'), 0);
    assert.deepEqual(await dir.query('select count(*)::int as n from audit_event'), before);
  });
}

test('Of two who create the same user one is told so, and only one user is there', async () => {
  let created: boolean | undefined;
  const imported = await run({
    text: file('race.example'),
    meanwhile: {
      // The line is judged by then, and not written yet; written, its user would be waited for.
      rows: 3_000,
      act: async () => {
        created = await dir.createUser('p900@race.example').then(
          () => true,
          () => false,
        );
      },
    },
  }).then(
    () => true,
    (error) => {
      assert.ok(error instanceof Refusal, String(error));
      assert.match(error.code, /already_exists|conflict/);
      return false;
    },
  );
  assert.deepEqual(
    [created, imported, await countOf('race.example')],
    created ? [true, false, 1] : [false, true, ROWS],
  );
});

test('Who is changed meanwhile by somebody else keeps that change, and nothing of the file stays', async () => {
  const changed = file('quick.example', (n) => row(n, { domain: 'quick.example', title: 'Last' }));
  const victim = 'p11998@quick.example';
  const refusal = await refusalOf({
    text: changed,
    meanwhile: {
      rows: ROWS,
      act: async () => {
        await dir.ok('PATCH', `/users/${victim}`, { Title: 'Mine' });
      },
    },
  });
  assert.equal(refusal.code, 'conflict');
  assert.equal((await dir.ok('GET', `/users/${victim}`)).Title, 'Mine');
  const [{ n } = {}] = await dir.query(
    `select count(*)::int as n from directory_user where fields ->> 'Title' = 'Last'`,
  );
  assert.equal(n, 0);
});

test('No connection is kept, and the next import runs', async () => {
  const { totalCount, idleCount, waitingCount } = dir.ground.pool;
  assert.deepEqual([totalCount - idleCount, waitingCount], [0, 0]);
  assert.deepEqual(
    await dir.query(`select state from pg_stat_activity where datname = current_database() and state like 'idle in%'`),
    [],
  );
  await run({ text: HEAD + row(1, { domain: 'after.example' }).replace('p10@after.example', '') });
});
