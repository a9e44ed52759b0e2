import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Ground } from '../ground.ts';
import { refuseField } from '../refusal.ts';
import type { HttpReply, HttpRequest } from './http-app.ts';

/** One server-sent event. `id` is the position after it, from which any replica can go on. */
export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface EventBatch {
  readonly events: readonly StreamedEvent[];
  /** How far was read, also when nothing there was of interest. */
  readonly position: string;
}

export interface EventSource {
  /** Events after a position, some hundred at most, in order; without one, where the present ends and no events. */
  read(after: string | undefined): Promise<EventBatch>;
  /** Calls `listener` when there may be news; gives the function that ends it. */
  onNews(listener: () => void): () => void;
  /** Positions that the source can read; the caller's Last-Event-ID is checked by it. */
  readonly position: RegExp;
  readonly heartbeatMs?: number;
  /** Longest time without a look at the source, for news whose call was lost or came before it could be read. */
  readonly pollMs?: number;
}

const HEARTBEAT_MS = 15_000;
const POLL_MS = 1_000;
const RECONNECT_MS = 2_000;
/** A reader that takes nothing for so long is gone. */
const STUCK_MS = 60_000;

/**
 * Answers with server-sent events (HTML standard, section 9.2) until the caller leaves, its key ends, or the server stops; it then
 * comes back with Last-Event-ID, here or on another replica, and misses nothing. Memory is one batch, whatever the caller's pace.
 */
export async function sendEvents(
  request: HttpRequest,
  reply: HttpReply,
  ground: Ground,
  source: EventSource,
): Promise<void> {
  const lastEventId = request.headers['last-event-id'];
  const after = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined;
  if (after !== undefined && !source.position.test(after)) {
    throw refuseField(
      'invalid_request',
      'header.last-event-id',
      'is not an event id of this stream',
      'Send the id of the last event that came, or leave the header out.',
    );
  }
  // The first look is taken before the answer begins, so that its failure can still be told.
  const first = await source.read(after);
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Nginx would hold events back.
    'x-accel-buffering': 'no',
  });
  if (request.method === 'HEAD') return void raw.end();

  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  const ended = AbortSignal.any([gone.signal, request.server.stopping]);
  try {
    await pumpEvents({ request, raw, ground, source, first, ended });
  } catch (error) {
    if (!ended.aborted) request.log.warn({ err: error }, 'An event stream broke off; its reader will come back');
  } finally {
    if (!raw.writableEnded) raw.end();
  }
}

interface Stream {
  readonly request: HttpRequest;
  readonly raw: ServerResponse;
  readonly ground: Ground;
  readonly source: EventSource;
  readonly first: EventBatch;
  readonly ended: AbortSignal;
}

async function pumpEvents({ request, raw, ground, source, first, ended }: Stream): Promise<void> {
  const { clock } = ground;
  const heartbeatMs = source.heartbeatMs ?? HEARTBEAT_MS;
  const bell = createBell();
  const unsubscribe = source.onNews(bell.ring);
  try {
    await write(raw, `retry: ${RECONNECT_MS}\nid: ${first.position}\n\n`, ground, ended);
    let batch = first;
    let beatAtMs = clock.monotonicMs();
    while (!ended.aborted) {
      for (const event of batch.events) await write(raw, formatEvent(event), ground, ended);
      const nowMs = clock.monotonicMs();
      if (nowMs - beatAtMs >= heartbeatMs) {
        beatAtMs = nowMs;
        if (!(await isStillAllowed(request))) return;
        // An event without data only moves the reader's Last-Event-ID.
        await write(raw, `: still here\nid: ${batch.position}\n\n`, ground, ended);
      }
      if (batch.events.length === 0) await bell.wait(Math.min(source.pollMs ?? POLL_MS, heartbeatMs), ground, ended);
      if (!ended.aborted) batch = await source.read(batch.position);
    }
  } finally {
    unsubscribe();
  }
}

function formatEvent({ id, event, data }: StreamedEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function isStillAllowed(request: HttpRequest): Promise<boolean> {
  return request.caller === null || (await request.server.access.isStillAllowed(request.caller));
}

async function write(raw: ServerResponse, text: string, ground: Ground, ended: AbortSignal): Promise<void> {
  if (ended.aborted || raw.write(text)) return;
  const done = new AbortController();
  const stuck = ground.clock.sleep(STUCK_MS, done.signal).then(
    () => raw.destroy(),
    () => {},
  );
  await Promise.race([once(raw, 'drain', { signal: AbortSignal.any([ended, done.signal]) }).catch(() => {}), stuck]);
  done.abort();
}

/** Remembers a ring that came while nobody waited. */
function createBell() {
  let rung = false;
  let wake = () => {};
  return {
    ring: () => {
      rung = true;
      wake();
    },
    wait: async (mostMs: number, ground: Ground, ended: AbortSignal): Promise<void> => {
      const done = new AbortController();
      if (!rung) {
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          ground.clock.sleep(mostMs, AbortSignal.any([ended, done.signal])).catch(() => {}),
        ]);
      }
      done.abort();
      rung = false;
      wake = () => {};
    },
  };
}
