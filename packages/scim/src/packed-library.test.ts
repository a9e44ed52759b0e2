import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startFaultTarget } from '../testing/index.ts';
import { readReadmeProgram } from '../testing/readme-program.ts';

const run = promisify(execFile);
const library = fileURLToPath(new URL('..', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const compiler = join(modules, 'typescript/bin/tsc');

/** The library as somebody else gets it: packed from a copy, so that this tree stays as it is, and installed elsewhere. */
let folder: string;
let consumer: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scim-packed-'));
  const source = join(folder, 'source');
  consumer = join(folder, 'consumer');
  await cp(library, source, { recursive: true, filter: (path) => !/[\\/](dist|node_modules|testing)$/.test(path) });
  await symlink(modules, join(source, 'node_modules'), 'junction');
  const env = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env['PATH']}` };
  const shell = process.platform === 'win32';
  const manifest = await readFile(join(source, 'package.json'), 'utf8');
  await run('npm', ['pack', '--silent'], { cwd: source, env, shell });
  assert.equal(await readFile(join(source, 'package.json'), 'utf8'), manifest, 'the manifest is as before');
  const [tarball] = (await readdir(source)).filter((name) => name.endsWith('.tgz'));
  assert.ok(tarball);
  await cp(join(source, tarball), join(consumer, tarball));
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], { cwd: consumer, env, shell });
});
after(() => rm(folder, { recursive: true, force: true }));

describe('the packed library', () => {
  it('carries JavaScript and declarations, and nothing else', async () => {
    const installed = join(consumer, 'node_modules/@usher/scim');
    const files = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const names = files.map(({ name }) => name);
    assert.ok(names.includes('index.js') && names.includes('index.d.ts') && names.includes('README.md'));
    assert.deepEqual(
      names.filter((name) => !/\.js$|\.d\.ts$|^README\.md$|^package\.json$/.test(name) || name.includes('.test.')),
      [],
    );
    const { dependencies, scripts } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    assert.deepEqual([dependencies, scripts], [undefined, undefined]);
  });

  it('runs the README’s program, by every Node there is', async () => {
    await writeFile(join(consumer, 'program.js'), stripTypeScriptTypes(await readReadmeProgram()));
    for (const node of await listNodes()) {
      await using target = await startFaultTarget({ token: 'example-token' });
      const env = { ...process.env, SCIM_URL: target.url, SCIM_TOKEN: 'example-token' };
      await run(node.path, [...node.args, 'program.js'], { cwd: consumer, env });
      assert.deepEqual(target.violations(), [], node.path);
      assert.ok(target.exchanges().length > 10, node.path);
      assert.equal(target.accounts().size, 0, node.path);
    }
  });

  it('has declarations that a strict compiler takes', async () => {
    await writeFile(join(consumer, 'program.ts'), await readReadmeProgram());
    const options = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'es2022',
        lib: ['es2024'],
        module: 'nodenext',
        types: ['node'],
        typeRoots: [join(modules, '@types')],
      },
      files: ['program.ts'],
    };
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify(options));
    await run(process.execPath, [compiler, '-p', '.'], { cwd: consumer }).catch((error: { stdout: string }) =>
      assert.fail(error.stdout),
    );
  });
});

/** This Node without its own understanding of types, and the machine's, which may be older. */
async function listNodes(): Promise<{ path: string; args: string[] }[]> {
  const nodes = [{ path: process.execPath, args: ['--no-experimental-strip-types'] }];
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(place, process.platform === 'win32' ? 'node.exe' : 'node');
    if (place.includes('node_modules')) continue;
    const version = await run(path, ['--version']).then(
      ({ stdout }) => Number(/^v(\d+)/.exec(stdout)?.[1]),
      () => 0,
    );
    if (version >= 20) nodes.push({ path, args: [] });
  }
  return nodes.slice(0, 3);
}
