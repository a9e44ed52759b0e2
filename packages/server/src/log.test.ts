import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';

function capture(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ level: 'trace' }, { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

const SECRET = 's3cr3t-v4lue';
const leaks: Array<[string, (log: ReturnType<typeof createLog>) => void]> = [
  ['a field named password', (log) => log.info({ password: SECRET }, 'x')],
  ['a header, deep', (log) => log.info({ request: { headers: { Authorization: `Bearer ${SECRET}` } } }, 'x')],
  ['a header in an array', (log) => log.info({ list: [{ cookie: SECRET }] }, 'x')],
  ['a child logger', (log) => log.child({ apiKey: SECRET }).info('x')],
  ['a URL in a message', (log) => log.info(`at postgres://usher:${SECRET}@db/usher`)],
  ['a URL in a field', (log) => log.info({ url: `postgres://usher:${SECRET}@db/usher` }, 'x')],
  ['a URL object', (log) => log.info({ url: new URL(`https://me:${SECRET}@example.org`) }, 'x')],
  ['a bearer value in an error', (log) => log.error(new Error(`refused Bearer ${SECRET}`))],
  [
    'the cause of an error',
    (log) => log.error({ err: new Error('x', { cause: new Error(`postgres://a:${SECRET}@h/d`) }) }),
  ],
  [
    'the row in a database error',
    (log) => log.error({ err: Object.assign(new Error('duplicate key'), { detail: `Key (email)=(${SECRET})` }) }),
  ],
];
for (const [name, write] of leaks) {
  test(`secrets stay out of the log: ${name}`, () => {
    const line = capture(write);
    assert.notEqual(line, '');
    assert.ok(!line.includes(SECRET), line);
  });
}

test('what is no secret is kept', () => {
  const entry = JSON.parse(
    capture((log) =>
      log.warn({ app: 'a1', tokens: 3, err: Object.assign(new Error('no'), { code: '23505' }) }, 'Hello'),
    ),
  );
  assert.equal(entry.level, 'warn');
  assert.equal(entry.msg, 'Hello');
  assert.equal(entry.app, 'a1');
  assert.equal(entry.tokens, 3);
  assert.equal(entry.err.code, '23505');
  assert.match(entry.err.stack, /log\.test/);
});
