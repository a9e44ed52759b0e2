import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  type AccountOperations,
  type Attributes,
  CONNECTOR_ERROR_KINDS,
  ConnectorError,
  type ConnectorErrorKind,
  type HttpTransport,
} from '../src/index.ts';
import type { ContractGround } from './connector-contract.ts';
import { answerAlways, HOSTILE_ANSWERS, TOLD_ANSWERS } from './protocol-answers.ts';

const PATIENCE_MS = 10_000;

/** What is reported when things go wrong: nothing is hidden, and nothing but the closed kinds comes out. */
export function describeFailures<Options>(ground: ContractGround<Options>): void {
  const attributesOf = (n: number): Attributes => ({ ...ground.account(n), active: true });

  it('reports a taken unique value as already_exists', async () => {
    const attributes = attributesOf(ground.nextNumber());
    await ground.accounts().create({ attributes });
    await assert.rejects(ground.accounts().create({ attributes }), failsAs('already_exists'));
  });

  it('reports an account that is gone as not found, and says so again', async () => {
    const attributes = attributesOf(ground.nextNumber());
    const accounts = ground.accounts();
    const remoteId = accounts.delete
      ? (await accounts.create({ attributes })).account.remoteId
      : 'no-such-account-00000000';
    await accounts.delete?.({ remoteId });
    assert.deepEqual(await accounts.get({ remoteId }), { found: false });
    const changes = [{ path: ground.update.path, operation: 'set', value: ground.update.value } as const];
    const gone: [string, () => Promise<unknown> | undefined][] = [
      ['update', () => accounts.update({ remoteId, changes, desired: attributes })],
      ['deactivate', () => accounts.deactivate?.({ remoteId, desired: { ...attributes, active: false } })],
      ['reactivate', () => accounts.reactivate?.({ remoteId, changes, desired: attributes })],
      ['the second delete', () => accounts.delete?.({ remoteId })],
    ];
    for (const [name, call] of gone) {
      const calling = call();
      if (calling) await assert.rejects(calling, failsAs('not_found'), `${name} is not_found`);
    }
    if (!accounts.delete) return;
    const value = String(attributes[ground.matchingAttribute]);
    assert.deepEqual((await accounts.find({ path: ground.matchingAttribute, value })).accounts, []);
  });

  const half = ground.halfCreate;
  if (half) {
    it('gives the remote id of an account that was created by half', async () => {
      const attributes = { ...attributesOf(ground.nextNumber()), ...half };
      const accounts = ground.accounts((http) => failWriteFrom(http, 2));
      const error = await accounts.create({ attributes }).then(
        () => assert.fail('a create whose second write fails is to fail'),
        (thrown: unknown) => thrown,
      );
      assert.ok(failsAs('partially_created')(error), `it is partially_created, not ${String(error)}`);
      const { remoteId } = error as ConnectorError;
      assert.ok(remoteId, 'the error carries the remote id');
      assert.ok((await ground.accounts().get({ remoteId })).found, 'the account of that id exists');
    });
  }

  it('passes on that the outcome of a write is unknown', async () => {
    const attributes = attributesOf(ground.nextNumber());
    const lost = new ConnectorError('ambiguous', 'The answer was lost.');
    const accounts = ground.accounts((http) => loseAnswers(http, lost));
    await assert.rejects(accounts.create({ attributes }), failsAs('ambiguous'));
    const refused = ground.accounts((http) => failWriteFrom(http, 1));
    await assert.rejects(refused.create({ attributes: attributesOf(ground.nextNumber()) }), failsAs('transient'));
  });

  const protocol = ground.connector.protocol ?? 'http';
  for (const { name, answer, kind, status, retryAfterMs } of TOLD_ANSWERS[protocol]) {
    it(`reports ${name} as ${kind}`, async () => {
      const accounts = ground.accounts(() => answerAlways(answer));
      for (const call of listCalls(accounts, attributesOf(1), ground.matchingAttribute)) {
        await assert.rejects(call(), (error) => {
          assert.ok(failsAs(kind)(error), `${String(error)} is to be ${kind}`);
          assert.equal((error as ConnectorError).status, status);
          assert.equal((error as ConnectorError).retryAfterMs, retryAfterMs);
          return true;
        });
      }
    });
  }

  for (const [name, answer] of Object.entries(HOSTILE_ANSWERS[protocol])) {
    it(`throws nothing but a ConnectorError when the target answers ${name}`, async () => {
      const accounts = ground.accounts(() => answerAlways(answer));
      for (const call of listCalls(accounts, attributesOf(1), ground.matchingAttribute)) {
        await withinPatience(call()).catch((error: unknown) => {
          assert.ok(error instanceof ConnectorError, `it threw ${String((error as Error)?.stack ?? error)}`);
          assert.ok(CONNECTOR_ERROR_KINDS.includes(error.kind), `"${error.kind}" is no kind of error`);
        });
      }
    });
  }
}

type Call = () => Promise<unknown>;

function listCalls(accounts: AccountOperations, attributes: Attributes, matchingAttribute: string): Call[] {
  const remoteId = '1';
  const changes = [{ path: 'active', operation: 'set', value: true } as const];
  const { schema: _may, list, ...rest } = accounts;
  const calls: Call[] = [
    () => rest.find({ path: matchingAttribute, value: String(attributes[matchingAttribute]) }),
    () => rest.get({ remoteId }),
    () => rest.create({ attributes }),
    () => rest.update({ remoteId, changes, desired: attributes }),
  ];
  if (accounts.deactivate) calls.push(async () => accounts.deactivate?.({ remoteId, desired: attributes }));
  if (accounts.reactivate) calls.push(async () => accounts.reactivate?.({ remoteId, changes, desired: attributes }));
  if (accounts.delete) calls.push(async () => accounts.delete?.({ remoteId }));
  if (list) calls.push(async () => accounts.list?.({ limit: 10 }));
  return calls;
}

async function withinPatience<Result>(promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Passes requests on until the nth write, which certainly does not reach the target, nor does any after it. */
function failWriteFrom(http: HttpTransport, nth: number): HttpTransport {
  let writes = 0;
  return {
    async request(request) {
      if (request.effect === 'write' && ++writes >= nth) throw new ConnectorError('transient', 'The target is away.');
      return http.request(request);
    },
  };
}

/** Writes reach the target, and their answers are lost. */
function loseAnswers(http: HttpTransport, error: ConnectorError): HttpTransport {
  return {
    async request(request) {
      const response = await http.request(request);
      if (request.effect === 'write') throw error;
      return response;
    },
  };
}

export function failsAs(kind: ConnectorErrorKind): (error: unknown) => boolean {
  return (error) => error instanceof ConnectorError && error.kind === kind;
}
