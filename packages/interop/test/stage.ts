import assert from 'node:assert/strict';
import {
  applyDiscovery,
  createScimClient,
  findDialect,
  type JsonObject,
  type ScimClient,
  type ScimTransport,
  standardDialect,
} from '@usher/scim';
import type { Peer, RunningPeer } from './peers/start-peer.ts';

/** One request and its answer, as they went over the wire; the credential is added below this. */
export interface RecordedExchange {
  method: string;
  path: string;
  requestBody: string | undefined;
  status: number;
  responseBody: string;
}

/** Something about the peer that a strict reading of the RFCs would not have, and the exchange in which it was seen. */
export interface Finding {
  text: string;
  exchange: RecordedExchange | undefined;
}

export interface Sizes {
  /** Accounts that are listed. */
  users: number;
  /** Members of the group that is changed; at most the accounts. */
  members: number;
}

const requestTimeoutMs = 60_000;

/** A client before one peer, and what was seen while one scenario ran. */
export class Stage {
  readonly client: ScimClient;
  readonly peer: Peer;
  readonly sizes: Sizes;
  readonly defects: Finding[] = [];
  readonly deviations: Finding[] = [];
  readonly proofs: RecordedExchange[] = [];
  last: RecordedExchange | undefined;
  lastWrite: RecordedExchange | undefined;
  readonly #transport: ScimTransport;

  constructor(peer: Peer, sizes: Sizes, client: ScimClient, transport: ScimTransport) {
    this.peer = peer;
    this.sizes = sizes;
    this.client = client;
    this.#transport = transport;
  }

  /** Keeps the exchange that was last made, or the last write, as what proves the scenario. */
  prove(which: 'exchange' | 'write' = 'write'): void {
    const proof = which === 'write' ? this.lastWrite : this.last;
    if (proof !== undefined && !this.proofs.includes(proof)) this.proofs.push(proof);
  }

  /** Sends a request past the client, to see what the peer makes of a shape that the client avoids. */
  async send(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<RecordedExchange> {
    await this.#transport.request({
      method,
      path,
      headers: { accept: 'application/scim+json', 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      effect: method === 'GET' ? 'read' : 'write',
    });
    assert.ok(this.last);
    return this.last;
  }

  /** Notes a defect that the client works around, when `shows` is true of the exchange. */
  note(text: string, exchange: RecordedExchange, shows: (seen: RecordedExchange) => boolean): void {
    if (shows(exchange)) this.defects.push({ text, exchange });
  }

  /** What was written has to be there when it is read; a peer that says yes and does not keep it deviates. */
  keeps(actual: unknown, expected: unknown, what: string): void {
    if (actual === expected) return;
    this.deviations.push({ text: `says that it is done, and does not keep ${what}`, exchange: this.lastWrite });
  }
}

/** A stage for each scenario of one peer: the discovery is made once, what the client learned stays. */
export async function openStages(peer: Peer, running: RunningPeer, sizes: Sizes): Promise<() => Stage> {
  let stage: Stage | undefined;
  const transport: ScimTransport = {
    async request({ method, path, headers = {}, body, effect }) {
      const response = await fetch(`${running.url}/${path}`, {
        method,
        headers: { ...headers, authorization: `Bearer ${running.token}`, 'user-agent': 'usher-interop' },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const text = await response.text();
      if (stage !== undefined) {
        stage.last = { method, path, requestBody: body, status: response.status, responseBody: text };
        if (effect === 'write') stage.lastWrite = stage.last;
      }
      return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
    },
  };
  const known = findDialect(peer.dialect) ?? standardDialect;
  const now = () => new Date();
  const discovery = await createScimClient({ transport, now, dialect: known }).discover();
  const dialect = applyDiscovery(known, discovery, { etag: false });
  const learned = {};
  return () => {
    stage = new Stage(peer, sizes, createScimClient({ transport, now, dialect, learned }), transport);
    return stage;
  };
}

/** The first account of a list answer, or the record that is the answer. */
export function readBody(exchange: RecordedExchange): JsonObject {
  try {
    return JSON.parse(exchange.responseBody) as JsonObject;
  } catch {
    return {};
  }
}

export function readIds(exchange: RecordedExchange): string[] {
  const { Resources: found } = readBody(exchange) as { Resources?: { id: string }[] };
  return (found ?? []).map(({ id }) => id);
}
