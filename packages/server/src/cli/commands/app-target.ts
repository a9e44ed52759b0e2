import { pathOf, type Row } from '../api.ts';
import type { AddCommand } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

/** `usher apps target` and `detect`: what the target of an app is like, as it is known and as it shows itself. */
export const addAppTarget: AddCommand = (apps, context) => {
  apps
    .command('target')
    .description(
      'what is known of the target: what deactivating and deleting really do there, its limits, and from where',
    )
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/target`), describeTarget);
    });
  apps
    .command('detect')
    .description('find out, by reading only, what the target is and does, and which connector options fit it')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      context.show(await context.api().call('POST', pathOf`/apps/${app}/detect`), describeDetection);
    });
};

function describeTarget({ connector, capabilities, hasGroups, takesBatches, traits }: Row): string {
  const can = [...capabilities, ...(hasGroups ? ['groups'] : []), ...(takesBatches ? ['batches'] : [])];
  const head: [string, unknown][] = [
    ['Connector', connector],
    ['Can', can.join(', ')],
  ];
  if (traits === null)
    return formatFacts([...head, ['Known of it', 'nothing: its connector tells nothing of targets']]);
  const { uniqueness, rateLimits, credentialLifetimeDays: days } = traits;
  return formatFacts([
    ...head,
    ['Deactivating', describeEffect(traits['deactivate'])],
    ['Deleting', describeEffect(traits['delete'])],
    ['Unique values', `${uniqueness.attributes.join(', ')} (enforced: ${uniqueness.enforced})`],
    ['Seen after', `${traits['visibilityDelayMs'] / 1000} s at the latest`],
    ...rateLimits.map((limit: Row) => ['Rate limit', describeLimit(limit)] as const),
    ['Credential lasts', days === undefined ? undefined : `${days} days`],
    ...traits['notes'].map((note: string) => ['Note', note] as const),
    ['How it is known', traits['basis']],
    ...traits['sources'].map((source: string) => ['Source', source] as const),
  ]);
}

function describeEffect({ effect, note, basis }: Row): string {
  return `${effect}. ${note}${basis ? ` (${basis})` : ''}`;
}

function describeLimit({ counts, requests, perSeconds, burst }: Row): string {
  return `${requests} ${counts} in ${perSeconds} s${burst === undefined ? '' : `, at most ${burst} at once`}`;
}

function describeDetection({ suggestions, findings }: Row): string {
  const suggested = suggestions.map(
    ({ label, reason, options }: Row) => [label, `${reason} ${JSON.stringify(options)}`] as const,
  );
  const table = formatTable<Row>(findings, FINDING_COLUMNS);
  return suggested.length === 0 ? table : `${formatFacts(suggested)}\n${table}`;
}

const FINDING_COLUMNS = [
  { title: 'SUBJECT', value: (finding: Row) => finding['subject'] },
  { title: 'TARGET SAYS', value: (finding: Row) => finding['declared'] },
  { title: 'SEEN', value: (finding: Row) => finding['observed'] },
  { title: 'USED', value: (finding: Row) => finding['used'] },
  { title: 'FITS BETTER', value: (finding: Row) => finding['options'] && JSON.stringify(finding['options']) },
];
