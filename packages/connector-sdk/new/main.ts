#!/usr/bin/env node
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LayOutError, layOutConnector } from './lay-out-connector.ts';

const USAGE = 'Usage: npm run connector:new NAME [--dir DIR]\n';
// npm runs scripts in the folder of package.json, and takes for itself an option that is not behind `--`: of `--dir DIR`
// it leaves DIR, and `--dir=DIR` becomes a variable.
const startedIn = process.env['INIT_CWD'] ?? process.cwd();
const npmDir = process.env['npm_config_dir'];

try {
  const { values, positionals } = parseArgs({ options: { dir: { type: 'string' } }, allowPositionals: true });
  const [name, dir, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new LayOutError(USAGE.trimEnd());
  const folder = resolve(startedIn, values.dir ?? dir ?? (npmDir || `connectors/${name}`));
  const files = layOutConnector(name, folder);
  const shown = relative(startedIn, folder) || '.';
  process.stdout.write(`Wrote ${files.join(', ')} to ${shown}\n\nTest it:     cd ${shown} && node --test\n`);
  process.stdout.write(`Install it:  USHER_CONNECTORS=${folder} USHER_WATCH_CONNECTORS=true npm start\n`);
} catch (error) {
  const isOurs = error instanceof LayOutError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isOurs ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
