import {
  type AttributeChange,
  createScimClient,
  type Dialect,
  dialects,
  enterpriseUserUrn,
  findDialect,
  type ScimClient,
  ScimError,
  type ScimRequest,
} from '@usher/scim';
import { type FaultTarget, type ProfileName, startFaultTarget } from '@usher/scim/testing';

/** The table of dialects and the requests of each operation, from the values and the code that Usher runs. */
export async function writeDialectPage(): Promise<string> {
  const lines = [
    '# Dialects of SCIM',
    '',
    '<!-- Written by `npm run docs --workspace packages/interop` from packages/scim; do not edit. -->',
    '',
    'What Usher knows about kinds of targets. Choose the dialect when you connect an app; every switch can be set otherwise in its',
    'options. What is not listed is taken to be the standard. **Read what deactivating and deleting do before you switch them on.**',
    'Behind each effect stands how it is known: documented by the maker, reported by somebody, or assumed because it is usual. The same is in',
    'the API: `GET /api/v1/apps/{app}/target`, and in the form of the connector. `POST /api/v1/apps/{app}/detect` tries a target by reading.',
    '',
    '## What deactivating and deleting really do',
    '',
    '| target | deactivate | delete |',
    '|---|---|---|',
    ...dialects.map(
      (dialect) =>
        `| [${dialect.label}](#${anchorOf(dialect.label)}) | ${describeEffect(dialect.deactivate)} | ${describeEffect(dialect.delete)} |`,
    ),
    '',
    '## Targets',
    '',
    ...dialects.flatMap(describeDialect),
    '## What Usher sends',
    '',
    'Each operation below was made by the code that makes it in production, against a target that answers as its dialect says.',
    'Ids are written `{id}`; every request also carries the credential, `User-Agent` and `Accept`.',
    '',
  ];
  for (const [id, profile] of shown) lines.push(...(await describeRequests(findDialect(id) as Dialect, profile)));
  return `${lines.join('\n').trimEnd()}\n`;
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function describeEffect({ effect, note, basis, source }: Dialect['deactivate']): string {
  const danger = effect === 'deletes' || effect === 'unlinks' ? `**${effect}**` : effect;
  if (effect === 'unknown') return `${danger}: ${note}`;
  return `${danger}: ${note} (${source === undefined ? basis : `[${basis}](${source})`})`;
}

const BASES: Record<Dialect['basis'], string> = {
  standard: 'the standard itself',
  documented: "the maker's own pages",
  reported: 'reports of people who met it; not confirmed by the maker',
  measured: 'runs of ours against the real thing',
  assumed: 'nothing but the standard: nobody documented how it differs',
};

function describeDialect(dialect: Dialect): string[] {
  const { label, id, notes, rateLimits, sources, credentialLifetimeDays } = dialect;
  const facts = [...notes, ...describeLimits(dialect)];
  const perUnit = (seconds: number) => (seconds === 1 ? 'a second' : `in ${seconds} seconds`);
  for (const { counts, requests, perSeconds, burst } of rateLimits)
    facts.push(`Rate limit: ${requests} ${perUnit(perSeconds)}${burst ? `, burst ${burst}` : ''} (${counts}).`);
  if (credentialLifetimeDays !== undefined) facts.push(`Its credentials die after ${credentialLifetimeDays} days.`);
  return [
    `### ${label}`,
    '',
    `\`${id}\`, SCIM ${dialect.scimVersion}. Known from ${BASES[dialect.basis]}.`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    ...(sources.length === 0 ? [] : [`- Sources: ${sources.map((source) => `<${source}>`).join(', ')}`]),
    '',
  ];
}

/** What differs from the standard, as sentences. */
function describeLimits(dialect: Dialect): string[] {
  const { attributes, members, filter, paging, patch, uniqueness } = dialect;
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const said: [boolean, string][] = [
    [attributes.unsupported.length > 0, `Not taken: ${list(attributes.unsupported)}.`],
    [attributes.immutable.length > 0, `Taken on create only: ${list(attributes.immutable)}.`],
    [attributes.singleValued.length > 0, `One value only: ${list(attributes.singleValued)}.`],
    [filter.attributes !== 'any', `Searched by ${filter.attributes === 'any' ? '' : list(filter.attributes)} only.`],
    [!filter.supported, 'Takes no filters: accounts are found by reading the list.'],
    [dialect.update === 'put', 'Updated by GET and PUT.'],
    [patch.form === 'noPath', 'PATCH is one operation without path.'],
    [!patch.valuePaths, 'No filters in PATCH paths: multi-valued attributes are replaced whole.'],
    [paging.pageSize !== 100, `Pages of ${paging.pageSize}.`],
    [members.batchSize !== 100, `Members are changed ${members.batchSize} at a time.`],
    [!members.readsComplete, 'A read of a group does not show its members: Usher keeps a ledger.'],
    [uniqueness.enforced === 'yes', `Unique there: ${list(uniqueness.attributes)}.`],
    [uniqueness.enforced === 'no', 'Does not refuse a second account with the same name.'],
  ];
  const lengths = Object.entries(attributes.maxLength).map(
    ([path, most]) => `\`${path}\` has at most ${most} characters.`,
  );
  const offs = (['users', 'groups'] as const).flatMap((name) => {
    const off = Object.entries(dialect[name]).flatMap(([verb, on]) => (on ? [] : [verb]));
    return off.length === 0 ? [] : [`Not offered for ${name}: ${off.join(', ')}.`];
  });
  return [...said.flatMap(([holds, text]) => (holds ? [text] : [])), ...lengths, ...offs];
}

/** One of each kind of shape. */
const shown: readonly (readonly [string, ProfileName])[] = [
  ['standard', 'strict'],
  ['standard-1.1', 'scim-1.1'],
  ['okta-shaped', 'okta-shaped'],
  ['entra-shaped', 'entra-shaped'],
  ['zoom', 'zoom'],
  ['github-organization', 'github-organization'],
];

const department = `${enterpriseUserUrn}:department`;
const set = (path: string, value: string | boolean): AttributeChange => ({ path, operation: 'set', value });
const clear = (path: string): AttributeChange => ({ path, operation: 'clear' });

type Act = (client: ScimClient, ids: { user: string; boss: string; group: string }) => Promise<unknown>;

const operations: readonly (readonly [string, Act])[] = [
  [
    'Match, by the immutable id and then by name',
    async ({ users }) => {
      await users.find('externalId', '005A');
      await users.find('userName', 'ada@example.com');
    },
  ],
  ['Create', async ({ users }) => users.create(ada)],
  [
    'Update what changed',
    async ({ users }, { user }) =>
      users.update({ id: user, changes: [set('name.givenName', 'Augusta'), set(department, 'Computing')] }),
  ],
  [
    'Update an address, and add a second one',
    async ({ users }, { user }) =>
      users.update({
        id: user,
        changes: [
          set('emails[type eq "work"].value', 'augusta@example.com'),
          set('emails[type eq "home"].value', 'ada@home.example'),
        ],
      }),
  ],
  [
    'Clear values',
    async ({ users }, { user }) => users.update({ id: user, changes: [clear('title'), clear(department)] }),
  ],
  [
    'Set a manager',
    async ({ users }, { user, boss }) =>
      users.update({ id: user, changes: [set(`${enterpriseUserUrn}:manager.value`, boss)] }),
  ],
  [
    'Add to a group, and take out',
    async ({ groups }, { user, boss, group }) => groups.changeMembers(group, { add: [{ id: boss }], remove: [user] }),
  ],
  ['Deactivate', async ({ users }, { user }) => users.update({ id: user, changes: [set('active', false)] })],
  ['Reactivate', async ({ users }, { user }) => users.update({ id: user, changes: [set('active', true)] })],
  ['Delete', async ({ users }, { boss }) => users.delete(boss)],
  ['Read all, for reconciliation', async ({ users }) => users.list({ limit: 100 })],
];

const ada = {
  userName: 'ada@example.com',
  externalId: '005A',
  active: true,
  'name.givenName': 'Ada',
  'name.familyName': 'Lovelace',
  title: 'Countess',
  'emails[type eq "work"].value': 'ada@example.com',
  [department]: 'Engines',
};

async function describeRequests(dialect: Dialect, profile: ProfileName): Promise<string[]> {
  const lines = [`### By ${dialect.label}`, ''];
  for (const [name, act] of operations) {
    // A target of its own for each, so that an operation that deletes does not change what the next one shows.
    await using target = await startFaultTarget({ profile });
    const { client, sent } = connect(target, dialect);
    const ids = await prepare(client, name === 'Create' || name.startsWith('Match'), target);
    sent.length = 0;
    const refusal = await act(client, ids).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal !== undefined && !(refusal instanceof ScimError)) throw refusal;
    lines.push(`**${name}**`, '');
    if (sent.length === 0) lines.push(`Nothing. ${refusal instanceof ScimError ? refusal.message : ''}`.trim(), '');
    else lines.push('```http', sent.map((request) => showRequest(request, ids)).join('\n\n'), '```', '');
  }
  return lines;
}

async function prepare(client: ScimClient, isEmpty: boolean, target: FaultTarget) {
  const none = { user: '', boss: '', group: '' };
  if (isEmpty) return none;
  const { id: user } = await client.users.create(ada);
  const { id: boss } = await client.users.create({ userName: 'boss@example.com', externalId: '005B' });
  if (!client.dialect.groups.create) return { user, boss, group: 'no-groups-here' };
  const { id: group } = await client.groups.create({ displayName: 'Engines' });
  await client.groups.changeMembers(group, { add: [{ id: user }], remove: [] });
  target.core.exchanges.length = 0;
  return { user, boss, group };
}

function connect(target: FaultTarget, dialect: Dialect) {
  const sent: ScimRequest[] = [];
  const client = createScimClient({
    transport: {
      async request(request) {
        sent.push(request);
        const { method, path, headers = {}, body } = request;
        const response = await fetch(`${target.url}/${path}`, {
          method,
          headers: { ...headers, 'user-agent': 'usher' },
          ...(body === undefined ? {} : { body }),
        });
        return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
      },
    },
    now: () => new Date(),
    dialect,
  });
  return { client, sent };
}

function showRequest({ method, path, headers = {}, body }: ScimRequest, ids: Record<string, string>): string {
  const lines = [`${method} ${decodeURIComponent(path)}`];
  if (body !== undefined) lines.push(`Content-Type: ${headers['content-type']}`, '', showBody(body));
  let text = lines.join('\n');
  for (const id of Object.values(ids)) if (id !== '' && id !== 'no-groups-here') text = text.replaceAll(id, '{id}');
  return text;
}

/** A PUT repeats what the target showed; what differs from one run to the next is left out. */
function showBody(body: string): string {
  return JSON.stringify(JSON.parse(body), (name, value: unknown) =>
    name === 'meta' || name === '$ref' ? undefined : value,
  );
}
