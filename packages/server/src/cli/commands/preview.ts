import { Option } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, parseCount } from '../command-context.ts';
import { formatCell, formatFacts, formatTable, makeHarmless } from '../print.ts';
import { readJson } from '../read-json.ts';
import { formatChanges } from './requests.ts';

export const addPreviewCommand: AddCommand = (program, context) => {
  program
    .command('preview')
    .description('the exact request that would be sent for a user; nothing is written at the target')
    .argument('<user>', 'id or Username')
    .argument('<app>', 'its name')
    .addOption(
      new Option('--operation <operation>', 'as if this came next').choices([
        'create',
        'update',
        'deactivate',
        'reactivate',
        'delete',
      ]),
    )
    .option('--config <file>', 'under a configuration as JSON that is not saved yet')
    .option('--config-version <number>', 'under a saved version', parseCount)
    .action(async (user: string, app: string, options: PreviewOptions) => {
      const { operation, config, configVersion: version } = options;
      const body = { user, ...(operation === undefined ? {} : { operation }) };
      if (config === undefined && version === undefined) {
        context.show(await context.api().call('POST', pathOf`/apps/${app}/preview`, { body }), describePreview);
        return;
      }
      const under = config === undefined ? { version } : { configuration: await readJson(config) };
      const path = pathOf`/apps/${app}/configurations/preview`;
      const preview = await context.api().call('POST', path, { body: { ...body, ...under } });
      for (const { field, problem, fix } of preview['warnings']) context.note(`Warning: ${field}: ${problem}. ${fix}`);
      context.show(preview, describePreview);
    });
};

interface PreviewOptions {
  operation?: string;
  config?: string;
  configVersion?: number;
}

function describePreview(preview: Row): string {
  const { reason, request, reads, matches, notes, attributes, changes } = preview;
  const parts = [
    formatFacts([
      ['Plan', preview['operation'] ?? preview['plan']],
      ['Reason', reason && `${reason.message} (${reason.code})`],
      ['Next step', reason?.nextStep],
      ['Version', preview['version'] ?? 'one that is not saved'],
      ['Stage', preview['rollout']?.sentence],
      ...preview['grants'].map((grant: Row) => ['Granted by', describeGrant(grant)] as const),
      ...matches.map((match: Row) => ['Looked for', describeMatch(match)] as const),
      ...preview['obstacles'].map((text: string) => ['Obstacle', text] as const),
      ...notes.map((note: string) => ['Note', note] as const),
    ]),
    changes.length > 0 ? formatChanges(changes) : '',
    attributes.length > 0 ? formatTable<Row>(attributes, ATTRIBUTE_COLUMNS) : '',
    reads.map(({ method, url, status }: Row) => `Read first: ${method} ${formatCell(url)} ${status ?? ''}\n`).join(''),
    request === null ? 'Nothing would be sent.\n' : formatRequest(request),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const ATTRIBUTE_COLUMNS = [
  { title: 'ATTRIBUTE', value: (attribute: Row) => attribute['target'] },
  { title: 'VALUE', value: (attribute: Row) => attribute['value'] },
  { title: 'BLANK', value: describeBlank },
  { title: 'FATE', value: (attribute: Row) => attribute['fate'] },
  { title: 'AT TARGET', value: (attribute: Row) => attribute['atTarget']?.value },
  { title: 'FORMULA', value: (attribute: Row) => attribute['formula'] },
  { title: 'SOURCES', value: (attribute: Row) => attribute['sources'].map(describeSource) },
  { title: 'NOTE', value: (attribute: Row) => attribute['error'] ?? attribute['note'] },
];

function describeGrant({ kind, name, through, expiresAt }: Row): string {
  const group = through === null ? '' : `, by the permission set group ${through}`;
  return `${kind} ${name}${group}${expiresAt === null ? '' : `, until ${formatCell(expiresAt)}`}`;
}

function describeMatch({ attribute, value, remoteIds }: Row): string {
  return `${attribute} = ${value}: ${remoteIds.length === 0 ? 'no account' : remoteIds.join(', ')}`;
}

/** What the rule does with a blank, where there is one. */
function describeBlank({ value, blank, required, error }: Row): string | undefined {
  if (value !== null || error !== null) return undefined;
  return required ? 'required' : blank;
}

function describeSource({ field, value, state }: Row): string {
  return `${field} ${state === 'value' ? `= ${formatCell(value)}` : `is ${state === 'no manager' ? 'of no manager' : state}`}`;
}

function formatRequest({ method, url, headers, body }: Row): string {
  const head = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].map(
    makeHarmless,
  );
  return `${head.join('\n')}\n${body === undefined ? '' : `\n${indentJson(body)}\n`}`;
}

function indentJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2).split('\n').map(makeHarmless).join('\n');
  } catch {
    return makeHarmless(body);
  }
}
