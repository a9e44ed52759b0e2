import { join } from 'node:path';
import { importUsers } from '../packages/server/src/directory/index.ts';
import type { Figure } from './figure.ts';
import type { Bench } from './ground.ts';
import { readProcessorTime, since } from './processor-time.ts';

const ACTOR = { kind: 'system', name: 'bench' } as const;
const COLUMNS = [
  ...['Username', 'FirstName', 'LastName', 'Email', 'IsActive', 'Profile', 'Manager', 'PermissionSets', 'Title'],
  ...['Department', 'Division', 'CompanyName', 'EmployeeNumber', 'Phone', 'MobilePhone', 'Fax', 'Extension', 'Street'],
  ...['City', 'State', 'PostalCode', 'Country', 'TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey'],
  ...['EmailEncodingKey', 'Alias', 'FederationIdentifier', 'CommunityNickname'],
];
const LINES_A_CHUNK = 500;

/** A file of so many people with 29 columns, every tenth the manager of those before them. */
function buildFile(rows: number): Uint8Array[] {
  const pieces = [Buffer.from(`${COLUMNS.join(',')}\n`)];
  for (let from = 1; from <= rows; from += LINES_A_CHUNK) {
    const lines: string[] = [];
    for (let n = from; n < Math.min(from + LINES_A_CHUNK, rows + 1); n += 1) lines.push(buildLine(n, rows));
    pieces.push(Buffer.from(lines.join('')));
  }
  return pieces;
}

async function* send(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function buildLine(n: number, rows: number): string {
  const boss = n + 10 - (n % 10);
  const manager = boss === n || boss > rows ? '' : `person${boss}@example.com`;
  const cells = [
    ...[
      `person${n}@example.com`,
      `Given${n}`,
      `Family${n}`,
      `person${n}@example.com`,
      'true',
      'Standard User',
      manager,
    ],
    ...[
      'access',
      `"Engineer, grade ${n % 7}"`,
      `Department ${n % 40}`,
      'Products',
      'Example Company',
      String(700_000 + n),
    ],
    ...['+49 30 1234567', '+49 170 1234567', '+49 30 7654321', String(n % 9999), `Example Street ${n % 200}`, 'Berlin'],
    ...['Berlin', String(10_000 + (n % 4000)), 'Germany', 'Europe/Berlin', 'de_DE', 'de', 'UTF-8'],
    ...[`p${n % 9_999_999}`, `fed-${n}`, `person${n}`],
  ];
  return `${cells.join(',')}\n`;
}

/** A file into an empty directory, beside an app that some of the people are granted; and the same file again. */
export async function benchImport(bench: Bench, rows: number): Promise<Figure[]> {
  const dataDir = join(bench.folder, 'data');
  await bench.addUsers(1);
  await bench.addApp('import', 'http://127.0.0.1:1/');
  const file = buildFile(rows);
  const figures: Figure[] = [];
  for (const [name, created] of [
    ['the first time', rows],
    ['again, unchanged', 0],
  ] as const) {
    const before = readProcessorTime(dataDir);
    const startedMs = performance.now();
    const report = await importUsers(bench.ground, ACTOR, {
      source: send(file),
      mode: 'all-or-nothing',
      dryRun: false,
      key: 'Username',
    });
    const seconds = (performance.now() - startedMs) / 1000;
    if (report.created !== created || report.unchanged !== rows - created) {
      throw new Error(`The import made ${report.created} users and left ${report.unchanged}`);
    }
    const { nodeUs, databaseUs } = since(before, dataDir);
    const goal = created > 0 ? '>= 10000' : undefined;
    figures.push({
      name: `import of ${rows} rows, ${name}`,
      value: rows / seconds,
      unit: 'rows/s',
      ...(goal ? { goal } : {}),
    });
    figures.push({ name: `processor time of a row, ${name}, node`, value: nodeUs / rows, unit: 'us' });
    figures.push({ name: `processor time of a row, ${name}, database`, value: databaseUs / rows, unit: 'us' });
  }
  return figures;
}
