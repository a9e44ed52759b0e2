import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { after, before, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { type EventBatch, sendEvents } from '../../src/http/event-stream.ts';
import type { RouteFamily } from '../../src/http/http-app.ts';
import { createHttpFixture, type HttpFixture } from './http-fixture.ts';

/** A log in memory whose position is the number of its entries. */
const entries: string[] = [];
const listeners = new Set<() => void>();
let reads = 0;
let batchSize = 100;

function append(...texts: string[]): void {
  entries.push(...texts);
  for (const listener of listeners) listener();
}

async function read(afterPosition: string | undefined): Promise<EventBatch> {
  reads += 1;
  if (afterPosition === undefined) return { events: [], position: String(entries.length) };
  const start = Number(afterPosition);
  const events = entries
    .slice(start, start + batchSize)
    .map((text, i) => ({ id: String(start + i + 1), event: 'log', data: { text } }));
  return { events, position: String(start + events.length) };
}

let http: HttpFixture;
let port: number;
before(async () => {
  const streamRoutes: (ground: HttpFixture['ground']) => RouteFamily[] = (ground) => [
    (app) => {
      app.get('/trial/stream', { config: { scope: 'provisioning:read' } }, async (request, reply) => {
        await sendEvents(
          request,
          reply,
          { ...ground, clock: systemClock },
          {
            read,
            onNews: (listener) => {
              listeners.add(listener);
              return () => listeners.delete(listener);
            },
            position: /^\d+$/,
            heartbeatMs: 100,
            pollMs: 50,
          },
        );
      });
    },
  ];
  http = await createHttpFixture(streamRoutes);
  port = Number(new URL(await http.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
after(() => http.close());

interface Reader {
  readonly answer: IncomingMessage;
  readonly received: () => string;
  /** Waits until the stream has given a text. */
  until(pattern: RegExp): Promise<void>;
  readonly ended: Promise<void>;
  leave(): void;
}

async function openStream(options: { lastEventId?: string; key?: string } = {}): Promise<Reader> {
  const headers: Record<string, string> = { authorization: `Bearer ${options.key ?? http.adminKey}` };
  if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/api/v1/trial/stream', headers }, resolve).on('error', reject);
  });
  let received = '';
  let wake = () => {};
  answer.setEncoding('utf8');
  answer.on('data', (chunk) => {
    received += chunk;
    wake();
  });
  const ended = new Promise<void>((resolve) => answer.on('close', resolve));
  return {
    answer,
    received: () => received,
    ended,
    until: async (pattern) => {
      while (!pattern.test(received)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    leave: () => answer.destroy(),
  };
}

test('News come as events with their positions, and heartbeats in between', async () => {
  const reader = await openStream();
  assert.equal(reader.answer.statusCode, 200);
  assert.match(String(reader.answer.headers['content-type']), /^text\/event-stream/);
  assert.equal(reader.answer.headers['x-content-type-options'], 'nosniff');
  await reader.until(/retry: 2000\nid: 0\n\n/);
  append('one', 'line\nbreak');
  await reader.until(/id: 2\nevent: log\ndata: {"text":"line\\nbreak"}\n\n/);
  assert.match(reader.received(), /id: 1\nevent: log\ndata: {"text":"one"}\n\n/);
  await reader.until(/: still here\nid: 2\n\n/);
  reader.leave();
});

test('A reader that comes back with Last-Event-ID misses nothing and gets nothing twice', async () => {
  append('three', 'four');
  const reader = await openStream({ lastEventId: '1' });
  await reader.until(/"four"/);
  assert.deepEqual(
    [...reader.received().matchAll(/id: (\d+)\nevent/g)].map((match) => match[1]),
    ['2', '3', '4'],
  );
  reader.leave();
});

test('A position of another kind is refused before the stream begins', async () => {
  const reader = await openStream({ lastEventId: 'x; drop' });
  assert.equal(reader.answer.statusCode, 400);
  await reader.until(/header\.last-event-id/);
  reader.leave();
});

test('A reader that takes nothing holds the source back instead of filling memory', async () => {
  batchSize = 10;
  append(...Array.from({ length: 3_000 }, () => 'x'.repeat(10_000)));
  const reader = await openStream({ lastEventId: '4' });
  reader.answer.pause();
  await systemClock.sleep(150);
  const readsBefore = reads;
  await systemClock.sleep(150);
  assert.ok(reads - readsBefore <= 2, `${reads - readsBefore} batches were read for nobody`);
  assert.ok(reads < 290, 'the whole source was read');
  reader.answer.resume();
  await reader.until(/id: 3004\n/);
  reader.leave();
  batchSize = 100;
});

test('A stream ends when its key is revoked, and its listener goes', async () => {
  const { id, key } = await http.makeKey(['provisioning:read']);
  const reader = await openStream({ key });
  await reader.until(/retry/);
  await http.send('DELETE', `/api/v1/keys/${id}`);
  await reader.ended;
  await systemClock.sleep(120);
  assert.equal(listeners.size, 0);
});

test('A stream ends when the server stops', async () => {
  const reader = await openStream();
  await reader.until(/retry/);
  const startMs = systemClock.monotonicMs();
  await http.app.close();
  await reader.ended;
  assert.ok(systemClock.monotonicMs() - startMs < 2_000);
});
