import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

test('each test that docs/reported-bugs.md names is there, and each bug has one', () => {
  const tests = {
    scim: ['users', 'groups'].map((name) => read(`packages/scim/test/reported-bugs/${name}.test.ts`)).join('\n'),
    server: read('packages/server/test/interop-bugs/engine-bugs.test.ts'),
  };
  const rows = read('docs/reported-bugs.md')
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => line.split(' | '));
  assert.deepEqual(
    rows.map(([number]) => Number(number?.slice(2))),
    Array.from({ length: 35 }, (_, index) => index + 1),
  );
  for (const row of rows) {
    const named = (row.at(-1) ?? '').replace(/ \|$/, '').split('<br>');
    assert.ok(named.length > 0);
    for (const name of named) {
      const [, where = '', title = ''] = /^(scim|server): (.+)$/.exec(name) ?? [];
      assert.ok(tests[where as keyof typeof tests]?.includes(title), `${row[0]}: no test is called "${name}"`);
    }
  }
});
