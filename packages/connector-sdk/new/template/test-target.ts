import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Person = Record<string, unknown> & { id: string };

export interface TestTarget {
  /** The base URL of the app. */
  url: string;
  people: Map<string, Person>;
  stop(): Promise<void>;
}

/** A small stand-in for the target: people over JSON, e-mail addresses unique, pages by the last id. */
export async function startTestTarget(token: string): Promise<TestTarget> {
  const people = new Map<string, Person>();
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const authorized = request.headers.authorization === `Bearer ${token}`;
    const [status, answer] = authorized ? answerRequest(people, request, body) : [401, { message: 'Who are you?' }];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    people,
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

let created = 0;

function answerRequest(
  people: Map<string, Person>,
  { method, url }: IncomingMessage,
  body: string,
): [number, unknown?] {
  const { pathname, searchParams } = new URL(url ?? '/', 'http://target');
  const [, api, collection, id, ...more] = pathname.split('/').map(decodeURIComponent);
  if (api !== 'api' || collection !== 'people' || more.length > 0) return [404, { message: 'No such place' }];
  if (id === undefined) {
    if (method === 'GET') return [200, listPeople([...people.values()], searchParams)];
    if (method !== 'POST') return [405];
    const person = { ...(JSON.parse(body) as object), status: 'active', id: `p${++created}` };
    return keep(people, person, 201);
  }
  const person = people.get(id);
  if (!person) return [404, { message: `There is no person ${id}` }];
  if (method === 'GET') return [200, person];
  if (method === 'PATCH') return keep(people, { ...person, ...(JSON.parse(body) as object), id }, 200);
  if (method !== 'DELETE') return [405];
  people.delete(id);
  return [204];
}

function keep(people: Map<string, Person>, person: Person, status: number): [number, unknown] {
  if (typeof person['email'] !== 'string') return [422, { message: 'email is missing' }];
  const email = person['email'].toLowerCase();
  const taken = [...people.values()].some((other) => other.id !== person.id && other['email'] === email);
  if (taken) return [409, { message: `${email} is taken` }];
  const kept = { ...person, email };
  people.set(kept.id, kept);
  return [status, kept];
}

function listPeople(people: Person[], query: URLSearchParams): { items: Person[]; next?: string } {
  const limit = Number(query.get('limit') ?? 100);
  const from = people.findIndex(({ id }) => id === query.get('after')) + 1;
  const filters = [...query].filter(([name]) => name !== 'limit' && name !== 'after');
  const found = people
    .slice(from)
    .filter((person) => filters.every(([name, value]) => String(person[name]).toLowerCase() === value.toLowerCase()));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > items.length && last ? { items, next: last.id } : { items };
}

async function readBody(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const part of request) body += part;
  return body;
}
