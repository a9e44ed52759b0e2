import type { Peer } from './peers/start-peer.ts';
import { fullSizes, type Result, scenarios, type Verdict } from './run-scenarios.ts';
import type { Finding, RecordedExchange } from './stage.ts';

const longestBody = 480;

/** The page of a run: the same text for the same verdicts, whatever the ids, times and sizes of this run were. */
export function writeReport(title: string, peers: readonly Peer[], results: readonly Result[]): string {
  const find = (peer: Peer, name: string) =>
    results.find((result) => result.peer.id === peer.id && result.scenario.name === name);
  const sizes = `${fullSizes.users.toLocaleString('en')} accounts in the list, ${fullSizes.members.toLocaleString('en')} members in the group`;
  const lines = [
    `# ${title}`,
    '',
    '<!-- Written by `npm run interop --workspace packages/interop`; do not edit. -->',
    '',
    'What `@usher/scim` does against real SCIM servers that others wrote, each started from its npm package and run through',
    'the same scenarios. Every verdict below is what a run saw, with the exchange that shows it: ids are written `{id}`, the',
    'credential is never recorded, long bodies are cut.',
    '',
    `This page is written by a run in full size: ${sizes}. \`npm test\` makes`,
    'the same run smaller for the peers that this repository installs, and fails when a verdict or an exchange is no longer what',
    'stands here.',
    '',
    '- **passed**: the promise holds.',
    '- **passed, around a defect**: the promise holds, although the peer does something that a strict reader of the RFCs would not.',
    '- **the peer deviates**: the request was right and answered as done, and the peer did not keep it. Usher shows such a difference as drift.',
    '- **refused**: the peer says that it cannot do this, and the client says so too.',
    '',
    '## Peers',
    '',
    ...peers.map(({ id, label, dialect }) => `- \`${id}\`: ${label}; addressed by the dialect \`${dialect}\``),
    '',
    '## Verdicts',
    '',
    `| scenario | ${peers.map(({ id }) => id).join(' | ')} |`,
    `|---|${peers.map(() => '---').join('|')}|`,
    ...scenarios.map(
      ({ name }) =>
        `| [${name}](#${anchorOf(name)}) | ${peers.map((peer) => nameVerdict(find(peer, name)?.verdict)).join(' | ')} |`,
    ),
    '',
  ];
  for (const { name, promise } of scenarios) {
    lines.push(`## ${name}`, '', promise, '');
    for (const peer of peers) {
      const result = find(peer, name);
      if (result !== undefined) lines.push(...writeResult(result));
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function nameVerdict(verdict: Verdict | undefined): string {
  switch (verdict?.kind) {
    case 'passed':
      return 'passed';
    case 'worked around':
      return 'passed, around a defect';
    case 'deviates':
      return '**the peer deviates**';
    case 'refused':
      return '**refused**';
    default:
      return 'not run';
  }
}

function writeResult({ peer, verdict, proofs }: Result): string[] {
  const lines = [`### ${peer.id}: ${nameVerdict(verdict).replaceAll('*', '')}`, ''];
  if (verdict.kind === 'refused') lines.push(redact(verdict.reason), '', ...writeExchange(verdict.exchange));
  if (verdict.kind === 'deviates') lines.push(...writeFindings(verdict.deviations, 'The peer'));
  if (verdict.kind === 'deviates' || verdict.kind === 'worked around')
    lines.push(...writeFindings(verdict.defects, 'Worked around: it'));
  for (const proof of proofs) lines.push(...writeExchange(proof));
  return lines;
}

function writeFindings(findings: readonly Finding[], subject: string): string[] {
  return findings.flatMap(({ text, exchange }) => [`${subject} ${text}.`, '', ...writeExchange(exchange)]);
}

function writeExchange(exchange: RecordedExchange | undefined): string[] {
  if (exchange === undefined) return [];
  const { method, path, requestBody, status, responseBody } = exchange;
  const replace = (text: string) => nameIds(redact(text), exchange);
  const answer = shorten(replace(dropNoise(responseBody)));
  return [
    '```http',
    replace(`${method} ${decodeURIComponent(path)}`),
    ...(requestBody === undefined ? [] : [shorten(replace(requestBody))]),
    '',
    `${status}${answer === '' ? '' : ` ${answer}`}`,
    '```',
    '',
  ];
}

/** Every id that the exchange names becomes `{id}`: in its path, its answer, and as a member or manager. */
function nameIds(text: string, { path, responseBody, requestBody = '' }: RecordedExchange): string {
  const ids = new Set<string>();
  const addressed = /^(?:Users|Groups)\/([^/?]+)/.exec(path)?.[1];
  if (addressed !== undefined && addressed !== '.search') ids.add(decodeURIComponent(addressed));
  for (const body of [responseBody, requestBody]) collectIds(body, ids);
  const named = [...ids].reduce((result, id) => result.replaceAll(id, '{id}'), text);
  // Those that only a path or a filter names, and the numbers of a crowd, whose order is that of the answers.
  return named
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '{id}')
    .replace(/(?<=(?:Users|Groups)\/|eq \\?")[A-Za-z0-9]{32}\b/g, '{id}')
    .replace(/crowd-\d+/g, 'crowd-…');
}

function collectIds(body: string, ids: Set<string>): void {
  for (const [, id = ''] of body.matchAll(/"(?:id|value)":\s*"([^"]+)"/g)) if (looksRandom(id)) ids.add(id);
  for (const [, id = ''] of body.matchAll(/"(?:value|manager)[^"]*":\s*\{"value":\s*"([^"]+)"/g))
    if (looksRandom(id)) ids.add(id);
}

/** What the peers here give as ids: UUIDs and long random words; a person's own words hold other characters. */
function looksRandom(text: string): boolean {
  return /^[\w-]{20,}$/.test(text);
}

function redact(text: string): string {
  return text.replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://target').replace(/Bearer [\w.-]+/g, 'Bearer …');
}

/** Times, versions and counts of this run. */
function dropNoise(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body.replace(/\s+/g, ' ').trim();
  }
  const noise = new Set(['meta', '$ref', 'totalResults', 'itemsPerPage', 'startIndex', 'groups']);
  return JSON.stringify(value, (name, inner: unknown) => {
    if (name === 'meta' || name === '$ref' || name === 'groups' || name === 'location') return undefined;
    return noise.has(name) && typeof inner === 'number' ? '…' : inner;
  });
}

function shorten(text: string): string {
  return text.length <= longestBody ? text : `${text.slice(0, longestBody)}…`;
}
