import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeSamlJackson, type Peer, peers } from './peers/start-peer.ts';
import { fullSizes, type Result, runScenarios, smallSizes } from './run-scenarios.ts';
import { writeReport } from './write-report.ts';

const usage = `Runs the scenarios of @usher/scim against real SCIM servers and writes docs/interop.md.

  --check          write nothing; fail when a page is not what this run saw
  --small          fewer accounts and members (what the tests do); only with --check
  --jackson FOLDER run against @boxyhq/saml-jackson instead, and write docs/interop-saml-jackson.md. It is a third of a
                   gigabyte, so it is no dependency: npm install --prefix FOLDER @boxyhq/saml-jackson@26.2.0`;

const docs = resolve(dirname(fileURLToPath(import.meta.url)), '../../../docs');

export interface Page {
  file: string;
  title: string;
  peers: readonly Peer[];
}

export const everydayPage: Page = { file: resolve(docs, 'interop.md'), title: 'Interoperability', peers };

/** Runs the peers of a page side by side, and gives the text that the page has to have. */
export async function runPage(page: Page, sizes: typeof fullSizes, say: (line: string) => void): Promise<string> {
  say(
    `${sizes.users} accounts in the list, ${sizes.members} members in the group (full: ${fullSizes.users}, ${fullSizes.members})`,
  );
  const results: Result[] = (await Promise.all(page.peers.map((peer) => runScenarios(peer, sizes)))).flat();
  for (const { peer, scenario, verdict, tookMs } of results)
    say(`${peer.id.padEnd(16)} ${scenario.name.padEnd(24)} ${verdict.kind.padEnd(14)} ${Math.round(tookMs)} ms`);
  return writeReport(page.title, page.peers, results);
}

export function readPage(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      small: { type: 'boolean', default: false },
      jackson: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.small && !values.check) {
    console.error(
      '--small: the page says that its run had the full size, so a small run can only check it; add --check',
    );
    return 2;
  }
  const page =
    values.jackson === undefined
      ? everydayPage
      : {
          file: resolve(docs, 'interop-saml-jackson.md'),
          title: 'Interoperability with Ory Polis',
          peers: [describeSamlJackson(resolve(values.jackson))],
        };
  const text = await runPage(page, values.small ? smallSizes : fullSizes, console.log);
  if (text === readPage(page.file)) {
    console.log(`${page.file} is current.`);
    return 0;
  }
  if (values.check) {
    console.error(`${page.file} is not what this run saw. Look at the difference, then run this without --check.`);
    return 1;
  }
  mkdirSync(docs, { recursive: true });
  writeFileSync(page.file, text);
  console.log(`Wrote ${page.file}`);
  return 0;
}

if (import.meta.main) process.exitCode = await main();
