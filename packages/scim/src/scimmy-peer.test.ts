import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { createScimClient, type ScimClient, ScimError, type ScimTransport, standardDialect } from './index.ts';

// The real third-party server, strict by the RFCs. Express 4: under Express 5 it ignores paging.

type Record = { [name: string]: unknown; id: string };
const users = new Map<string, Record>();
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let nextId = 1;
let server: Server;
let baseUrl = '';
const sent: string[] = [];

function declareStore(): void {
  SCIMMY.Resources.declare(SCIMMY.Resources.User, {
    extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
    egress: (request: { id?: string; filter?: { match(records: Record[]): Record[] } }) => {
      if (request.id === undefined) return request.filter?.match([...users.values()]) ?? [...users.values()];
      const found = users.get(request.id);
      if (found === undefined) throw new SCIMMY.Types.Error(404, '', 'no such user');
      return found;
    },
    ingress: (request: { id?: string }, instance: object) => {
      const given = JSON.parse(JSON.stringify(instance)) as Record;
      const id = request.id ?? String(nextId++);
      const taken = [...users.values()].some((user) => user['userName'] === given['userName'] && user.id !== id);
      if (taken) throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken');
      users.set(id, { ...given, id });
      return users.get(id);
    },
    degress: (request: { id?: string }) => {
      if (!users.delete(request.id ?? '')) throw new SCIMMY.Types.Error(404, '', 'no such user');
    },
  } as never);
}

const transport: ScimTransport = {
  async request({ method, path, headers = {}, body }) {
    sent.push(`${method} ${path.split('?')[0]?.replace(/\/\d+$/, '/:id')}`);
    const response = await fetch(`${baseUrl}/${path}`, {
      method,
      headers: { ...headers, authorization: 'Bearer test' },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  },
};

function connect(): ScimClient {
  return createScimClient({ transport, now: () => new Date(), dialect: standardDialect });
}

const ada = {
  userName: 'ada@example.com',
  externalId: '005A',
  active: true,
  'name.givenName': 'Ada',
  'name.familyName': "O'Lovelace-Ünï",
  'emails[type eq "work"].value': 'ada@example.com',
  [`${enterprise}:department`]: 'Engines',
  [`${enterprise}:manager.value`]: '77',
};

describe('against scimmy-routers on Express 4', () => {
  before(async () => {
    declareStore();
    const app = express();
    app.use('/scim', new SCIMMYRouters({ type: 'bearer', handler: () => 'test' }) as unknown as express.Router);
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    users.clear();
    sent.length = 0;
  });

  it('creates, and reads back what it wrote', async () => {
    const { users: endpoint } = connect();
    const created = await endpoint.create(ada);
    const read = await endpoint.get(created.id);
    assert.ok(read);
    for (const [path, value] of Object.entries(ada))
      assert.equal(endpoint.read(read.representation, path), value, path);
  });

  it('finds by externalId, by user name in other letters, and by a value path', async () => {
    const { users: endpoint } = connect();
    const { id } = await endpoint.create(ada);
    await endpoint.create({ userName: 'other@example.com', externalId: '005a' });
    for (const [path, value, ids] of [
      ['externalId', '005A', [id]],
      ['userName', 'ADA@example.com', [id]],
      ['emails[type eq "work"].value', 'ada@example.com', [id]],
      ['emails[type eq "home"].value', 'ada@example.com', []],
      ['userName', 'nobody', []],
      ['userName', 'no "body" \\ here', []],
    ] as const) {
      assert.deepEqual(
        (await endpoint.find(path, value)).map((found) => found.id),
        ids,
        `${path} ${value}`,
      );
    }
  });

  it('sets and clears by one PATCH', async () => {
    const { users: endpoint } = connect();
    const { id } = await endpoint.create(ada);
    sent.length = 0;
    await endpoint.update({
      id,
      changes: [
        { path: 'name.givenName', operation: 'set', value: 'Augusta' },
        { path: 'emails[type eq "work"].value', operation: 'set', value: 'augusta@example.com' },
        { path: `${enterprise}:department`, operation: 'clear' },
        { path: `${enterprise}:manager.value`, operation: 'set', value: '78' },
        { path: 'active', operation: 'set', value: false },
      ],
    });
    assert.deepEqual(sent, ['PATCH Users/:id']);
    const read = await endpoint.get(id);
    assert.ok(read);
    const at = (path: string) => endpoint.read(read.representation, path);
    assert.equal(at('name.givenName'), 'Augusta');
    assert.equal(at('name.familyName'), "O'Lovelace-Ünï");
    assert.equal(at('emails[type eq "work"].value'), 'augusta@example.com');
    assert.equal(at(`${enterprise}:department`), undefined);
    assert.equal(at(`${enterprise}:manager.value`), '78');
    assert.equal(at('active'), false);
  });

  it('adds an element that is not there when the target answers noTarget', async () => {
    const { users: endpoint } = connect();
    const { id } = await endpoint.create(ada);
    sent.length = 0;
    await endpoint.update({
      id,
      changes: [
        { path: 'phoneNumbers[type eq "mobile"].value', operation: 'set', value: '+44 1' },
        { path: 'emails[type eq "work"].value', operation: 'set', value: 'new@example.com' },
        { path: 'addresses[type eq "work"].locality', operation: 'set', value: 'London' },
        { path: 'addresses[type eq "work"].country', operation: 'set', value: 'GB' },
        { path: 'emails[type eq "home"].value', operation: 'clear' },
      ],
    });
    assert.deepEqual(sent, ['PATCH Users/:id', 'GET Users/:id', 'PATCH Users/:id']);
    const read = await endpoint.get(id);
    assert.ok(read);
    assert.equal(endpoint.read(read.representation, 'phoneNumbers[type eq "mobile"].value'), '+44 1');
    assert.equal(endpoint.read(read.representation, 'emails[type eq "work"].value'), 'new@example.com');
    assert.equal(endpoint.read(read.representation, 'addresses[type eq "work"].locality'), 'London');
    assert.equal((read.representation['addresses'] as unknown[]).length, 1);
  });

  it('classifies what it answers', async () => {
    const { users: endpoint } = connect();
    const { id } = await endpoint.create(ada);
    const kindOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'done',
        (error: unknown) => (error instanceof ScimError ? error.kind : error),
      );
    assert.equal(await kindOf(endpoint.create(ada)), 'already_exists');
    const set = (path: string, value: string) => endpoint.update({ id, changes: [{ path, operation: 'set', value }] });
    assert.equal(await kindOf(set('active', 'maybe')), 'invalid_request');
    assert.equal(await kindOf(set('shoeSize', '38')), 'invalid_request');
    assert.equal(await kindOf(endpoint.delete(id)), 'done');
    assert.equal(await kindOf(endpoint.delete(id)), 'not_found');
    assert.equal(await endpoint.get(id), undefined);
    assert.equal(await kindOf(set('displayName', 'x')), 'not_found');
  });

  it('lists every account once, in pages', async () => {
    const { users: endpoint } = connect();
    for (let index = 0; index < 45; index++) users.set(`${index}`, { id: `${index}`, userName: `user${index}` });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await endpoint.list({ cursor, limit: 10 });
      seen.push(...page.resources.map((resource) => resource.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined && seen.length < 200);
    assert.equal(new Set(seen).size, 45);
    assert.equal(seen.length, 45);
  });

  it('discovers its schemas and capabilities', async () => {
    const { overrides, userAttributes, hasGroups, problems } = await connect().discover();
    assert.deepEqual(problems, []);
    assert.equal(overrides.update, 'patch');
    assert.equal(hasGroups, false);
    const paths = new Set(userAttributes?.map(({ path }) => path));
    for (const path of [
      'userName',
      'externalId',
      'name.givenName',
      'emails[type eq "work"].value',
      `${enterprise}:department`,
    ]) {
      assert.ok(paths.has(path), path);
    }
  });

  it('updates by PUT, keeping what it does not manage', async () => {
    const dialect = { ...standardDialect, update: 'put' as const };
    const { users: endpoint } = createScimClient({ transport, now: () => new Date(), dialect });
    const { id } = await endpoint.create({ ...ada, nickName: 'kept', title: 'Countess' });
    await endpoint.update({
      id,
      changes: [
        { path: 'displayName', operation: 'set', value: 'Ada L.' },
        { path: 'title', operation: 'clear' },
      ],
    });
    const read = await endpoint.get(id);
    assert.equal(read?.representation['displayName'], 'Ada L.');
    assert.equal(read?.representation['nickName'], 'kept');
    assert.equal(read?.representation['title'], undefined);
    assert.equal(endpoint.read(read?.representation ?? {}, `${enterprise}:department`), 'Engines');
  });
});
