import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AppFixture, createAppFixture } from './app-fixture.ts';

/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

let http: AppFixture;
before(async () => {
  http = await createAppFixture();
  await http.makeApp('Chat', { credential: false });
});
after(() => http.close());

test('An app tells whom to ask about it, and that it has a logo, which is kept as what its bytes say', async () => {
  const { send, change } = http;
  const show = async () => (await send('GET', '/api/v1/apps/Chat')).json;
  const first = await show();
  assert.deepEqual([first.presentation, first.hasClientCertificate], [null, false]);
  const body = { contactName: 'Eva Lang', contactEmail: 'eva@example.com', infoUrl: 'https://intranet.example/chat' };
  assert.equal((await change('PUT', 'Chat', '/presentation', { body })).status, 200);
  const { updatedAt, ...presented } = (await show()).presentation;
  assert.deepEqual(presented, { ...body, contactPhone: null, hasLogo: false });
  assert.ok(updatedAt);

  const put = (bytes: Buffer) => change('PUT', 'Chat', '/logo', { body: { base64: bytes.toString('base64') } });
  const script = await put(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'));
  assert.equal(script.status, 422);
  assert.match(script.text, /neither PNG nor JPEG nor WebP/);
  assert.match((await put(Buffer.alloc(130 * 1024, 1))).text, /at most 131072/);
  assert.equal((await put(Buffer.from(PNG, 'base64'))).json.hasLogo, true);
  const logo = await send('GET', '/api/v1/apps/Chat/logo');
  assert.deepEqual([logo.status, logo.headers['content-type']], [200, 'image/png']);
  assert.equal(logo.headers['x-content-type-options'], 'nosniff');
  const [listed] = (await send('GET', '/api/v1/apps')).json.items;
  assert.deepEqual([listed.presentation.hasLogo, listed.presentation.contactName], [true, 'Eva Lang']);
  assert.equal((await change('DELETE', 'Chat', '/logo')).json.hasLogo, false);
});

test('Matching by what is not unique, or what the target cannot be searched by, is warned of before it is saved', async () => {
  const { send, makeApp } = http;
  await makeApp('Wiki');
  const check = async (matchingAttributes: string[], connectorOptions = {}) => {
    const mapping = [
      { target: 'userName', formula: 'Username', required: true },
      { target: 'externalId', formula: 'Id' },
      { target: 'displayName', formula: 'LastName' },
    ];
    const body = { mapping, connectorOptions, correlation: { matchingAttributes } };
    const { json } = await send('POST', '/api/v1/apps/Wiki/configurations?dryRun=true', { body });
    return json.warnings.map(({ field, problem }: { field: string; problem: string }) => `${field}: ${problem}`);
  };
  assert.deepEqual(await check(['externalId', 'userName']), []);
  const [notUnique, ...others] = await check(['userName', 'displayName']);
  assert.match(notUnique, /^correlation\.matchingAttributes\[1\]: displayName is not unique at the target/);
  assert.deepEqual(others, []);
  const [unsearchable] = await check(['userName'], { filter: false });
  assert.match(unsearchable, /\[0\]: the target cannot be searched by userName/);
});

test('A refusal names the place where the console mends it, and its fix speaks to callers of the API', async () => {
  const { json } = await http.send('GET', '/api/v1/apps/Nobody');
  assert.deepEqual(json.errors, [
    { field: 'app', problem: 'names no connected app', fix: 'GET /api/v1/apps lists their names.', place: 'apps' },
  ]);
});
