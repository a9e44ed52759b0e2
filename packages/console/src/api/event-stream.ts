import { authenticationHeaders } from './credentials.ts';

/** One server-sent event (HTML standard, section 9.2). */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export type StreamState = 'connecting' | 'live' | 'lost';

interface Listener {
  onEvents(events: StreamEvent[]): void;
  onState(state: StreamState): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * Follows a stream until `signal`, coming back after every break with the last id, so that nothing is missed. EventSource
 * could not send a header; events come in batches, one a network read.
 */
export async function followStream(path: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    listener.onState(lastId === undefined ? 'connecting' : 'lost');
    try {
      const response = await fetch(path, { headers: headersOf(lastId), signal });
      if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}`);
      listener.onState('live');
      retryMs = FIRST_RETRY_MS;
      await readEvents(response.body, (events) => {
        lastId = events.findLast(({ id }) => id !== '')?.id ?? lastId;
        const told = events.filter(({ data }) => data !== '');
        if (told.length > 0) listener.onEvents(told);
      });
    } catch {
      if (signal.aborted) return;
    }
    listener.onState('lost');
    await sleep(retryMs, signal);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

function headersOf(lastId: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: 'text/event-stream', ...authenticationHeaders('GET') };
  if (lastId !== undefined) headers['last-event-id'] = lastId;
  return headers;
}

async function readEvents(body: ReadableStream<Uint8Array>, onEvents: (events: StreamEvent[]) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const { events, rest: left } = parseEvents(rest + value);
    rest = left;
    if (events.length > 0) onEvents(events);
  }
}

/** The whole events of a text, and what began and is not whole yet. */
export function parseEvents(text: string): { events: StreamEvent[]; rest: string } {
  const blocks = text.split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.map((block) => {
    const event = { id: '', event: 'message', data: [] as string[] };
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (field === 'data') event.data.push(value);
      else if (field === 'id' || field === 'event') event[field] = value;
    }
    return { ...event, data: event.data.join('\n') };
  });
  return { events, rest };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
