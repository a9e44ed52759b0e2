import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Row } from '../api.ts';
import { type AddCommand, addListOptions, describeRest, parseMoment } from '../command-context.ts';
import { formatTable } from '../print.ts';

export const addAuditCommand: AddCommand = (program, context) => {
  const audit = program.command('audit').description('who changed what, when, from where and why');
  addFilter(addListOptions(audit.command('list').description('list events, the newest first'))).action(
    async ({ limit, ...options }: Row & { limit: number }) => {
      const page = await context.api().list('/audit', readFilter(options), limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS, 'No event is like that.') + describeRest(page));
    },
  );
  const file = audit
    .command('export')
    .description('the events as a file: CSV for spreadsheets, or JSON lines')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'jsonl']).default('csv'))
    .option('--output <file>', 'where it goes, instead of standard output');
  addFilter(file).action(async ({ format, output, ...options }: Row) => {
    const stream = await context.api().download('/audit/export', { format, ...readFilter(options) });
    if (output === undefined) {
      const decoder = new TextDecoder();
      for await (const part of stream) context.write(decoder.decode(part, { stream: true }));
      return;
    }
    await pipeline(stream, createWriteStream(output));
    context.note(`Wrote ${output}`);
  });
};

function addFilter(command: Command): Command {
  return command
    .option('--action <action>', 'such as app.activated; "app" finds every action on apps')
    .option('--actor <name>', 'the name of a key, or the e-mail address of a person')
    .option('--app <name>', 'an app')
    .option('--user <id>', 'id of a user')
    .option('--entity <kind>', 'such as app, user, person, key')
    .option('--from <time>', 'from then on', parseMoment)
    .option('--to <time>', 'before then', parseMoment);
}

function readFilter({ action, actor, app, user, entity, from, to }: Row): Row {
  return { action, actor, app, userId: user, entityKind: entity, from, to };
}

const COLUMNS = [
  { title: 'AT', value: (event: Row) => event['at'] },
  { title: 'WHO', value: (event: Row) => event['actor'] },
  { title: 'ROLE', value: (event: Row) => event['role'] },
  { title: 'THROUGH', value: (event: Row) => event['through'] },
  { title: 'ACTION', value: (event: Row) => event['action'] },
  { title: 'ON', value: (event: Row) => `${event['entityKind']} ${event['entityId']}` },
  { title: 'CHANGED', value: (event: Row) => event['changes']?.map((change: Row) => change['path']) },
  { title: 'REASON', value: (event: Row) => event['reason'] },
];
