import pg from 'pg';
import { systemClock } from '../clock.ts';
import type { Log } from '../log.ts';
import { connectionOptions, dropConnection } from './pool.ts';

export interface ListenOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly log: Log;
  readonly onNotify: (channel: string, payload: string) => void;
  /** The connection was lost and is back: notifications sent in between are gone, so look at the tables. */
  readonly onReconnect: () => void;
}

export interface Listener {
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A firewall may drop an idle connection without telling either end. */
const PING_EVERY_MS = 20_000;
const PING_TIMEOUT_MS = 10_000;

/** Listens on channels over a connection of its own until closed, connecting again whenever it is lost. Resolves once it listens. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const closing = new AbortController();
  let current = await connect(options);
  const running = keepListening();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };

  async function keepListening(): Promise<void> {
    for (;;) {
      await untilLost(current, closing.signal);
      if (closing.signal.aborted) return;
      options.log.warn({ channels: options.channels }, 'Lost the connection that listens to the database');
      const next = await connectAgain(options, closing.signal);
      if (!next) return;
      current = next;
      if (closing.signal.aborted) continue;
      options.log.info({ channels: options.channels }, 'Listening to the database again');
      options.onReconnect();
    }
  }
}

interface Connection {
  readonly client: pg.Client;
  /** Aborted when the connection is over. */
  readonly lost: AbortSignal;
}

async function connect(options: ListenOptions): Promise<Connection> {
  const over = new AbortController();
  const client = new pg.Client({
    ...connectionOptions(options.url, 'usher listen'),
    query_timeout: PING_TIMEOUT_MS,
  });
  client.on('error', () => over.abort());
  client.on('end', () => over.abort());
  client.on('notification', (message) => {
    try {
      options.onNotify(message.channel, message.payload ?? '');
    } catch (error) {
      options.log.error({ err: error, channel: message.channel }, 'Handling a notification failed');
    }
  });
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    return { client, lost: over.signal };
  } catch (error) {
    dropConnection(client);
    throw error;
  }
}

async function untilLost(connection: Connection, closing: AbortSignal): Promise<void> {
  const over = AbortSignal.any([connection.lost, closing]);
  try {
    while (!over.aborted) {
      await systemClock.sleep(PING_EVERY_MS, over).catch(() => {});
      if (!over.aborted) await connection.client.query('select 1');
    }
  } catch {
    // A ping without an answer: the connection is as good as gone.
  } finally {
    dropConnection(connection.client);
  }
}

async function connectAgain(options: ListenOptions, signal: AbortSignal): Promise<Connection | undefined> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await systemClock.sleep(pauseMs, signal).catch(() => {});
    if (signal.aborted) return undefined;
    try {
      return await connect(options);
    } catch (error) {
      options.log.debug({ err: error }, 'The database cannot be listened to yet');
    }
  }
}
