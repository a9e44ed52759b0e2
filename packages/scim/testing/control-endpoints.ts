import type { FaultRule } from './fault-schedule.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import type { TargetCore } from './target-core.ts';
import type { TargetAnswer, TargetRequest } from './target-state.ts';

type Reply = (core: TargetCore, body: JsonValue, query: URLSearchParams) => unknown;

/** What tests in other processes may ask; each reply is JSON. */
const REPLIES: Record<string, Reply> = {
  'GET counts': (core) => core.counts,
  'GET accounts': (core) => [...core.state.store.records.User.values()].map(describeRecord),
  'GET groups': (core) => [...core.state.store.records.Group.values()].map(describeRecord),
  'GET strangers': (core) => Object.fromEntries(core.strangers),
  'GET exchanges': (core, _body, query) =>
    core.exchanges.filter(({ sequence }) => sequence > Number(query.get('after') ?? 0)),
  'GET violations': (core) =>
    core.exchanges.flatMap(({ sequence, violations }) => violations.map((text) => ({ sequence, text }))),
  'GET schedule': (core) => core.schedule.counts(),
  'PUT schedule': (core, body) => {
    core.setSchedule(readRules(body));
    return core.schedule.counts();
  },
  'POST verify-required': (core) => {
    core.schedule.verifyRequired();
    return {};
  },
  'POST reset': (core, body) => {
    core.reset(isObject(body) && body['schedule'] !== undefined ? readRules(body['schedule']) : []);
    return {};
  },
  'POST accounts': (core, body) => {
    const list = Array.isArray(body) ? body : [body];
    return list.map((item) => core.createStranger('User', readObject(item)).id);
  },
  'POST groups': (core, body) => [core.createStranger('Group', readObject(body)).id],
  'POST release': (core, _body, query) => {
    core.release(query.get('id') ?? '');
    return {};
  },
};

/** Answers a request under `/_control/`; mistakes are 404 or 400 with `error` in words. */
export function answerControl(core: TargetCore, request: TargetRequest): TargetAnswer {
  const url = new URL(request.url, 'http://target.invalid');
  const reply = REPLIES[`${request.method} ${url.pathname.slice('/_control/'.length)}`];
  const answer = (status: number, value: unknown) => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  if (reply === undefined)
    return answer(404, {
      error: `There is no ${request.method} ${url.pathname}; there are ${Object.keys(REPLIES).join(', ')}`,
    });
  try {
    const body = request.body === '' ? {} : (JSON.parse(request.body) as JsonValue);
    return answer(200, reply(core, body, url.searchParams));
  } catch (error) {
    return answer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function describeRecord(record: { json: string; isStranger: boolean; revision: number; active: boolean }): JsonObject {
  const { isStranger, revision, active } = record;
  return { isStranger, revision, active, attributes: JSON.parse(record.json) as JsonObject };
}

function readObject(value: JsonValue | undefined): JsonObject {
  if (!isObject(value)) throw new Error('The body must be an object of attributes');
  return value;
}

function readRules(value: JsonValue | undefined): FaultRule[] {
  if (!Array.isArray(value)) throw new Error('A schedule must be an array of rules');
  return value.map((item) => {
    if (!isObject(item) || typeof item['id'] !== 'string' || !isObject(item['effect'])) {
      throw new Error('A fault rule must be an object with id and effect');
    }
    if (item['effect']['kind'] === 'custom')
      throw new Error(`Fault "${item['id']}": custom effects cannot come as JSON`);
    return item as unknown as FaultRule;
  });
}
