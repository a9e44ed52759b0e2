import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { buildSampleOrg } from './build-sample-org.ts';
import { buildSampleFiles } from './sample-csv.ts';

const folder = new URL('../../sample-org/', import.meta.url);

process.exitCode = await main(process.argv.slice(2));

/** Writes the sample org's files, or with `--check` says whether the ones that are there are what would be written. */
async function main(args: string[]): Promise<number> {
  if (args.length > 1 || (args.length === 1 && args[0] !== '--check')) {
    process.stderr.write('usage: generate.ts [--check]\n');
    return 2;
  }
  const files = buildSampleFiles(buildSampleOrg());
  if (args[0] === '--check') return check(files);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(new URL(name, folder), content);
  return 0;
}

async function check(files: Map<string, string>): Promise<number> {
  let stale = 0;
  for (const [name, content] of files) {
    const committed = await readFile(new URL(name, folder), 'utf8').catch(() => undefined);
    if (committed === content) continue;
    stale += 1;
    const problem = committed === undefined ? 'is missing' : 'is not what the generator writes';
    process.stderr.write(
      `sample-org/${name} ${problem}: run packages/sandbox/src/sample-org/generate.ts and commit it\n`,
    );
  }
  return stale === 0 ? 0 : 1;
}
