import type { Command } from 'commander';
import type { Row } from '../api.ts';
import { type AddCommand, addListOptions, describeRest, parseMoment } from '../command-context.ts';
import { addExport } from '../export-file.ts';
import { formatTable } from '../print.ts';

export const addAuditCommand: AddCommand = (program, context) => {
  const audit = program.command('audit').description('who changed what, when, from where and why');
  addFilter(addListOptions(audit.command('list').description('list events, the newest first'))).action(
    async ({ limit, ...options }: Row & { limit: number }) => {
      const page = await context.api().list('/audit', readFilter(options), limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS, 'No event is like that.') + describeRest(page));
    },
  );
  addExport(audit, context, { path: '/audit/export', description: 'the events as a file', addFilter, readFilter });
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
