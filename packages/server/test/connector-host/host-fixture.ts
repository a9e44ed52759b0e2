import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection, Connector, HttpRequest, HttpTransport } from '@usher/connector-sdk';
import { systemClock } from '../../src/clock.ts';
import {
  type ChildLimits,
  CustomConnectors,
  connectGuarded,
  type HostedConnector,
} from '../../src/connector-host/index.ts';
import { createTestLog, type TestLog } from '../support/test-log.ts';

export const NAUGHTY = fileURLToPath(new URL('./fixtures/naughty.ts', import.meta.url));

/** Small limits, so that a test waits for little. */
export const TIGHT: Partial<ChildLimits> = {
  operationMs: 2_500,
  unresponsiveMs: 1_000,
  maxMessageChars: 1024 * 1024,
  floodCharsPerSecond: 256 * 1024,
  heapMiB: 48,
  rssMiB: 224,
  firstRestartMs: 50,
  longestRestartMs: 200,
};

export interface Host extends AsyncDisposable {
  custom: CustomConnectors;
  connector: HostedConnector;
  log: TestLog;
  /** A connection of an app; 1 unless told. */
  join(options?: Record<string, unknown>, more?: JoinMore): Promise<Connection>;
}

export interface JoinMore {
  app?: number;
  http?: HttpTransport;
  signal?: AbortSignal;
  memory?: Map<string, unknown>;
  paths?: string[];
}

/** A host with the one connector of a path. */
export async function openHost(path = NAUGHTY, limits: Partial<ChildLimits> = TIGHT): Promise<Host> {
  const log = createTestLog();
  const custom = await CustomConnectors.open({ clock: systemClock, log, paths: [path], limits });
  const [connector] = custom.connectors;
  if (!connector) throw new Error(custom.failures.join('; '));
  return {
    custom,
    connector,
    log,
    join: async (options = {}, more = {}) => {
      const bound = await connector.joinApp({ id: more.app ?? 1, name: `App${more.app ?? 1}` }, options);
      return connect(bound, options, more);
    },
    [Symbol.asyncDispose]: () => custom.close(),
  };
}

export function connect(bound: Connector, options: Record<string, unknown>, more: JoinMore = {}): Connection {
  const { http = answerAll(), signal = new AbortController().signal, memory = new Map(), paths = [] } = more;
  const log = { debug() {}, warn() {} };
  return connectGuarded(bound, { http, options, signal, log, now: systemClock.now, memory, paths });
}

/** A transport that answers everything, and remembers what came. */
export function answerAll(requests: HttpRequest[] = []): HttpTransport {
  return {
    async request(request) {
      requests.push(request);
      return { status: 200, headers: {}, body: '{}' };
    },
  };
}

export function makeFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'usher-connector-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
