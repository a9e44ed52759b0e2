import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const library = fileURLToPath(new URL('..', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** The library as somebody else gets it: packed from a copy, so that this tree stays as it is, and put down elsewhere. */
let folder: string;
let consumer: string;
let installed: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formula-packed-'));
  const source = join(folder, 'source');
  consumer = join(folder, 'consumer');
  installed = join(consumer, 'node_modules/@usher/formula');
  await cp(library, source, { recursive: true, filter: (path) => !/[\\/](dist|node_modules|test)$/.test(path) });
  await symlink(modules, join(source, 'node_modules'), 'junction');
  const env = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env['PATH']}` };
  const manifest = await readFile(join(source, 'package.json'), 'utf8');
  await run('npm', ['pack', '--silent'], { cwd: source, env, shell: process.platform === 'win32' });
  assert.equal(await readFile(join(source, 'package.json'), 'utf8'), manifest, 'the manifest is as before');
  const [tarball] = (await readdir(source)).filter((name) => name.endsWith('.tgz'));
  assert.ok(tarball);
  await mkdir(installed, { recursive: true });
  // Unpacked rather than installed: npm would ask the registry for the one dependency, which is taken from here.
  await run('tar', ['-xzf', join(source, tarball), '--strip-components=1', '-C', installed]);
  await symlink(join(modules, 're2js'), join(consumer, 'node_modules/re2js'), 'junction');
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('the packed library', () => {
  it('carries JavaScript and declarations, and one dependency', async () => {
    const files = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const names = files.map(({ name }) => name);
    assert.ok(names.includes('index.js') && names.includes('index.d.ts') && names.includes('README.md'));
    const surplus = names.filter((name) => !/\.js$|\.d\.ts$|^README\.md$|^package\.json$/.test(name));
    assert.deepEqual(surplus, []);
    const { dependencies, scripts } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    assert.deepEqual([Object.keys(dependencies), scripts], [['re2js'], undefined]);
  });

  it('runs the README’s program, by a Node that strips no types', async () => {
    const readme = await readFile(join(library, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
    const program = `${blocks.join('\n')}\nconsole.log(JSON.stringify(login.evaluate(anna, context)));\n`;
    await writeFile(join(consumer, 'program.js'), stripTypeScriptTypes(program));
    const flags = ['--no-experimental-strip-types', 'program.js'];
    const { stdout } = await run(process.execPath, flags, { cwd: consumer });
    assert.equal(stdout, '{"ok":true,"value":"amuster"}\n');
    await writeFile(join(consumer, 'program.ts'), program);
  });

  it('has declarations that a strict compiler takes', async () => {
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: 'es2022', lib: ['es2024', 'dom'], module: 'nodenext', types: [] },
    };
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    await run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', '.'], { cwd: consumer }).catch(
      (error: { stdout: string }) => assert.fail(error.stdout),
    );
  });
});
