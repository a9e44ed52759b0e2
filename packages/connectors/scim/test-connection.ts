import { type ConnectionReport, type ConnectorContext, ConnectorError } from '@usher/connector-sdk';
import { type Discovery, type ScimClient, ScimError } from '@usher/scim';
import { refreshDiscovery } from './target-memory.ts';

type Step = ConnectionReport['steps'][number];

/**
 * Reads the discovery documents and one account, and says in words what came of it. Discovery that is missing is no
 * failure, for many targets have none; what it says against the options is a hint. Never throws for an answer.
 */
export async function testConnection(
  client: ScimClient,
  context: ConnectorContext<unknown>,
): Promise<ConnectionReport> {
  const discovery = await tryStep('discovery', async () => describe(await refreshDiscovery(client, context), client));
  // A credential that is refused here is refused there too: one clear answer is enough.
  if (!discovery.ok) return { steps: [discovery] };
  const read = await tryStep('read', () => readOne(client));
  return { steps: [discovery, read] };
}

async function tryStep(step: Step['step'], attempt: () => Promise<Omit<Step, 'step' | 'ok'>>): Promise<Step> {
  try {
    return { step, ok: true, ...(await attempt()) };
  } catch (error) {
    if (error instanceof ScimError || error instanceof ConnectorError) {
      return { step, ok: false, message: error.message, detail: error.detail };
    }
    throw error;
  }
}

function describe(discovery: Discovery, client: ScimClient): Omit<Step, 'step' | 'ok'> {
  const { problems, userAttributes } = discovery;
  const hints = listHints(discovery, client);
  const found =
    problems.length === 0
      ? 'The target describes itself'
      : `The target does not describe itself fully (${problems.map(({ document }) => document).join(', ')}); the settings of ${client.dialect.label} are used`;
  const schema = userAttributes === undefined ? '' : `, with ${userAttributes.length} attributes for users`;
  const detail = [...hints, ...problems.map(({ error }) => error.message)].join(' ');
  return { message: `${found}${schema}.`, ...(detail === '' ? {} : { detail }) };
}

/** Where the target's own words and the settings in force differ. The settings win until somebody changes them. */
function listHints({ overrides }: Discovery, { dialect }: ScimClient): string[] {
  const hints: string[] = [];
  const { update, filter, paths, paging } = overrides;
  if (update !== undefined && update !== dialect.update) hints.push(`It says to update by ${update.toUpperCase()}.`);
  if (filter?.supported !== undefined && filter.supported !== dialect.filter.supported) {
    hints.push(`It says that searching by filter is ${filter.supported ? '' : 'not '}supported.`);
  }
  if (paths?.users !== undefined && paths.users !== dialect.paths.users)
    hints.push(`Its users are under ${paths.users}.`);
  if (paging?.method !== undefined && paging.method !== dialect.paging.method)
    hints.push(`It pages by ${paging.method}.`);
  return hints.length === 0 ? [] : [...hints, 'Change the options if that is right.'];
}

async function readOne({ users, dialect }: ScimClient): Promise<Omit<Step, 'step' | 'ok'>> {
  if (!dialect.users.list) {
    await users.find('userName', 'no-such-user@usher.invalid');
    return { message: 'Accounts can be searched.' };
  }
  const { resources, totalResults } = await users.list({ limit: 1 });
  const total = totalResults === undefined ? '' : ` It says that it has ${totalResults}.`;
  return {
    message: `Accounts can be read: ${resources.length === 0 ? 'there is none yet.' : 'one was read.'}${total}`,
  };
}
