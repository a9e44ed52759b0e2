import { pathOf, type Row } from '../api.ts';
import type { AddCommand } from '../command-context.ts';
import { formatFacts } from '../print.ts';

export const addWhyCommand: AddCommand = (program, context) => {
  program
    .command('why')
    .description('why a user has, or has not, what they should have at an app')
    .argument('<user>', 'id or Username')
    .argument('<app>', 'its name')
    .action(async (user: string, app: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/users/${user}/why`), describeLinkState);
    });
};

/** One sentence first; the facts behind it after. */
export function describeLinkState(state: Row): string {
  const { reason, account, grants } = state;
  return formatFacts([
    [state['username'], state['sentence']],
    ['State', state['state']],
    ['Rollout', state['rollout']?.sentence],
    ['Reason', reason && `${reason.message} (${reason.code})`],
    ['Target said', reason?.detail],
    ['Attribute', reason?.attribute],
    ['Next step', reason?.nextStep],
    ['Since', state['since']],
    ['Next attempt', state['nextAttemptAt']],
    ['Granted by', grants.map(describeGrant).join('; ')],
    [
      'Account',
      account?.remoteId && `${account.remoteUsername ?? account.remoteId} (${account.state}, id ${account.remoteId})`,
    ],
    ['Deleted at', account?.deleteAt],
    ['Request', account?.requestId],
  ]);
}

function describeGrant({ kind, name, through, expiresAt }: Row): string {
  const by = through === null ? '' : ` through the group ${through}`;
  return `${kind} ${name}${by}${expiresAt === null ? '' : ` until ${expiresAt}`}`;
}
