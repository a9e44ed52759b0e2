import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { checkFences } from './fences.ts';

const roots: string[] = [];
after(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A house that stands, with the given files planted in it. */
function plant(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'usher-fences-'));
  roots.push(root);
  const sound: Record<string, string> = {
    'package.json': '{"name":"root","devDependencies":{"fast-check":"1"}}',
    'packages/scim/package.json':
      '{"name":"@usher/scim","exports":{".":"./src/index.ts","./testing":"./testing/index.ts"}}',
    'packages/scim/src/index.ts': 'export const a = 1;\n',
    'packages/scim/testing/index.ts': "import { createServer } from 'node:http';\nexport { createServer };\n",
    'packages/connectors/package.json':
      '{"name":"@usher/connectors","exports":{".":"./index.ts"},"dependencies":{"@usher/scim":"*"}}',
    'packages/connectors/index.ts': "export { a } from '@usher/scim';\n",
    'packages/server/package.json':
      '{"name":"@usher/server","dependencies":{"pg":"8","kysely":"1","undici":"7","fastify":"5","@usher/scim":"*","@usher/connectors":"*"}}',
    'packages/server/src/db/pool.ts': "import pg from 'pg';\nexport const pool = pg;\n",
    'packages/server/src/clock.ts': 'export const now = () => new Date(Date.now());\n',
    'packages/server/src/apps/index.ts': "export { find } from './sql/find-app.ts';\n",
    'packages/server/src/apps/sql/find-app.ts': "import type pg from 'pg';\nexport const find = (db: pg.Pool) => db;\n",
    'packages/server/src/planning/index.ts':
      "import { createHash } from 'node:crypto';\nexport const plan = createHash;\n",
    'packages/server/src/http/server.ts':
      "import { fastify } from 'fastify';\nimport { find } from '../apps/index.ts';\n// process.env in a comment, fetch(x) too\nexport const text = 'Date.now() and fetch(x)';\nexport { fastify, find };\n",
    'packages/server/src/cli/api.ts': 'export const call = () => fetch("http://localhost");\n',
    'packages/server/test/apps/apps.test.ts':
      "import pg from 'pg';\nimport fc from 'fast-check';\nimport { find } from '../../src/apps/sql/find-app.ts';\nimport { createServer } from '@usher/scim/testing';\nexport { pg, fc, find, createServer, x: process.env };\n",
  };
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkFences(root);
}

test('A house in order has no breach', () => assert.deepEqual(plant({}), []));

const BREACHES: ReadonlyArray<readonly [string, string, string, RegExp]> = [
  [
    'the database outside of db/ and sql/',
    'server/src/apps/a.ts',
    "import type pg from 'pg';",
    /imports pg: only db\/ and sql/,
  ],
  ['kysely in a route', 'server/src/http/a.ts', "import { sql } from 'kysely';", /imports kysely/],
  [
    'undici in a domain folder',
    'server/src/apps/a.ts',
    "import { request } from 'undici';",
    /only transport\/ and vault\//,
  ],
  ['fetch in a domain folder', 'server/src/apps/a.ts', 'export const a = await fetch(url);', /calls fetch/],
  ['fetch inside a template', 'server/src/apps/a.ts', `export const a = \`x $\{await fetch(url)}\`;`, /calls fetch/],
  [
    'an HTTP request by node:https',
    'server/src/apps/a.ts',
    "import { get } from 'node:https';",
    /speak to the network/,
  ],
  ['a socket in a domain folder', 'server/src/apps/a.ts', "import { connect } from 'node:net';", /open sockets/],
  [
    'process.env outside of config.ts',
    'server/src/apps/a.ts',
    'export const a = process.env.HOME;',
    /reads process\.env/,
  ],
  ['the time outside of clock.ts', 'server/src/apps/a.ts', 'export const a = Date.now();', /asks the time/],
  ['new Date() in a domain folder', 'server/src/apps/a.ts', 'export const a = new Date();', /asks the time/],
  ['an id outside of clock.ts', 'server/src/apps/a.ts', "import { randomUUID } from 'node:crypto';", /makes an id/],
  ['guessable randomness', 'server/src/apps/a.ts', 'export const a = Math.random();', /Math\.random/],
  ['code from text', 'server/src/apps/a.ts', "export const a = new Function('return 1');", /runs code from text/],
  ['node:vm', 'server/src/apps/a.ts', "import { Script } from 'node:vm';", /not isolation/],
  [
    'the web server in a domain folder',
    'server/src/apps/a.ts',
    "import type { FastifyRequest } from 'fastify';",
    /only http\/ knows/,
  ],
  [
    'an import upwards',
    'server/src/apps/a.ts',
    "import { text } from '../http/server.ts';",
    /domain stands below http/,
  ],
  [
    'a type-only import upwards',
    'server/src/planning/a.ts',
    "import type { find } from '../apps/index.ts';",
    /core stands below domain/,
  ],
  [
    'an import upwards over several lines',
    'server/src/db/a.ts',
    "import {\n  type find,\n} from '../apps/index.ts';",
    /ground stands below domain/,
  ],
  [
    'a dynamic import upwards',
    'server/src/db/a.ts',
    "export const a = await import('../apps/index.ts');",
    /ground stands below domain/,
  ],
  [
    'a domain folder entered past its index',
    'server/src/http/a.ts',
    "import { x } from '../apps/secret.ts';",
    /entered by its index\.ts|no file/,
  ],
  [
    "another folder's statement",
    'server/src/http/a.ts',
    "export { find } from '../apps/sql/find-app.ts';",
    /statements are for their own folder/,
  ],
  [
    'input and output in the core',
    'server/src/planning/a.ts',
    "import { readFileSync } from 'node:fs';",
    /pure core does no input/,
  ],
  ['randomness in the core', 'server/src/planning/a.ts', "import { randomBytes } from 'node:crypto';", /no randomness/],
  ['a folder on no storey', 'server/src/misc/a.ts', 'export const a = 1;', /stands on no storey/],
  [
    'a connector with a way out',
    'connectors/x/index.ts',
    "import { connect } from 'node:net';",
    /no way out but ctx\.http/,
  ],
  ['a connector that fetches', 'connectors/x/index.ts', 'export const a = () => fetch(u);', /calls fetch/],
  [
    'a connector that imports the server',
    'connectors/x/index.ts',
    "import { x } from '../../server/src/clock.ts';",
    /connectors may import connector-sdk, scim, not server/,
  ],
  ['a library that does input and output', 'scim/src/a.ts', "import { connect } from 'node:tls';", /library is pure/],
  [
    'a library that imports ours',
    'scim/src/a.ts',
    "import { x } from '../../server/src/clock.ts';",
    /scim may import nothing of ours/,
  ],
  [
    'testing parts in production',
    'server/src/apps/a.ts',
    "import { createServer } from '@usher/scim/testing';",
    /for tests only/,
  ],
  [
    'an entry that does not exist',
    'server/src/apps/a.ts',
    "import { x } from '@usher/scim/inner';",
    /entry does not exist/,
  ],
  [
    'a package that is not named',
    'server/src/apps/a.ts',
    "import left from 'left-pad';",
    /package\.json does not name/,
  ],
  ['a second web framework', 'server/src/http/a.ts', "import express from 'express';", /second web framework/],
];

for (const [what, path, code, expected] of BREACHES) {
  test(`Caught: ${what}`, () => {
    const found = plant({ [`packages/${path}`]: `${code}\n` });
    assert.ok(
      found.some((text) => expected.test(text) && text.startsWith(`packages/${path}:`)),
      `found only:\n${found.join('\n')}`,
    );
  });
}

test('Caught: a cycle, with its path printed', () => {
  const found = plant({
    'packages/server/src/apps/a.ts': "import { b } from './b.ts';\nexport const a = b;\n",
    'packages/server/src/apps/b.ts': "export * from './c.ts';\nexport const b = 1;\n",
    'packages/server/src/apps/c.ts': "import type { a } from './a.ts';\nexport type C = typeof a;\n",
  });
  const text = found.join('\n');
  assert.match(text, /import cycle/);
  assert.match(
    text,
    /apps\/a\.ts\n\s+→ packages\/server\/src\/apps\/b\.ts\n\s+→ packages\/server\/src\/apps\/c\.ts\n\s+→ packages\/server\/src\/apps\/a\.ts/,
  );
  assert.equal(found.length, 1, text);
});

test('The breach is told at its line', () => {
  const found = plant({
    'packages/server/src/apps/a.ts': "/* process.env\n */\nexport const a = 1;\nexport const b = process.env['X'];\n",
  });
  assert.deepEqual(
    found.map((text) => text.split(' ')[0]),
    ['packages/server/src/apps/a.ts:4'],
  );
});
