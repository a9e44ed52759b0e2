import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const SDK = fileURLToPath(new URL('..', import.meta.url));
const REPO = join(SDK, '..', '..');
const TSC = join(REPO, 'node_modules', 'typescript', 'bin', 'tsc');

/** Of the variables of a test run, only what the tools need: a test runner below the test runner runs nothing. */
const env = {
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  HOME: process.env['HOME'],
  npm_config_cache: process.env['npm_config_cache'],
};
const run = (cwd: string, command: string, args: string[]) =>
  execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('the packed SDK', () => {
  let folder: string;
  let tarball: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'usher-packed-sdk-'));
    // A copy: the package in the repository goes on being used meanwhile.
    const copy = join(folder, 'repo', 'packages', 'connector-sdk');
    cpSync(SDK, copy, { recursive: true, filter: (path) => !/[/\\](dist|node_modules)$/.test(path) });
    symlinkSync(join(REPO, 'node_modules'), join(folder, 'repo', 'node_modules'));
    cpSync(join(REPO, 'tsconfig.json'), join(folder, 'repo', 'tsconfig.json'));
    run(copy, 'npm', ['pack', '--pack-destination', folder]);
    const [packed, ...more] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    assert.ok(packed && more.length === 0);
    tarball = join(folder, packed);
    const left = readdirSync(copy);
    assert.deepEqual([left.includes('dist'), left.includes('.package.source.json')], [false, false]);
    assert.equal(readFileSync(join(copy, 'package.json'), 'utf8'), readFileSync(join(SDK, 'package.json'), 'utf8'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lays out a connector elsewhere, whose test passes there', () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    const sdk = join(outside, 'node_modules', '@usher', 'connector-sdk');
    writeFileSync(join(outside, 'package.json'), '{"private":true}');
    run(outside, 'npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-save', '--ignore-scripts', tarball]);
    const files = readdirSync(sdk, { recursive: true, encoding: 'utf8' });
    assert.ok(files.includes(join('dist', 'src', 'index.js')) && files.includes(join('dist', 'src', 'index.d.ts')));
    assert.deepEqual(
      files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('template')),
      [],
      'no TypeScript source that Node would have to strip',
    );

    run(outside, process.execPath, [join(sdk, 'dist', 'new', 'main.js'), 'acme-people', '--dir', 'acme']);
    const connector = join(outside, 'acme');
    const text = readFileSync(join(connector, 'connector.ts'), 'utf8');
    assert.match(text, /id: 'acme-people'/);
    assert.match(text, /label: 'Acme People'/);
    const report = run(connector, process.execPath, ['--test', '--test-reporter=tap']);
    assert.match(report, /^# fail 0$/m);
    assert.ok(Number(/^# pass (\d+)$/m.exec(report)?.[1]) > 30, report);
  });

  it('has declarations that a strict project compiles against', () => {
    const project = join(folder, 'outside', 'acme');
    symlinkSync(join(REPO, 'node_modules', '@types'), join(folder, 'outside', 'node_modules', '@types'));
    symlinkSync(join(REPO, 'node_modules', 'undici-types'), join(folder, 'outside', 'node_modules', 'undici-types'));
    const options = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: false,
      types: ['node'],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const wrong = `import { ConnectorError } from '@usher/connector-sdk';\nnew ConnectorError('no such kind', '');\n`;
    assert.equal(run(project, process.execPath, [TSC, '-p', '.']), '');
    writeFileSync(join(project, 'wrong.ts'), wrong);
    assert.throws(
      () => run(project, process.execPath, [TSC, '-p', '.']),
      (error: unknown) => String((error as { stdout: string }).stdout).includes('no such kind'),
    );
  });
});
