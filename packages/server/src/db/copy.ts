import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type pg from 'pg';

// COPY in and out over pg, which leaves it to others: an object handed to `client.query` gets the protocol's messages.

interface CopyConnection {
  readonly stream: Writable & { pause(): void; resume(): void };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** What pg calls on the active query. */
abstract class CopyQuery {
  readonly #text: string;
  readonly finished: Promise<void>;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #failure: unknown;

  constructor(text: string) {
    this.#text = text;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: CopyConnection): void {
    connection.query(this.#text);
  }

  handleRowDescription(): void {}
  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.#failure ??= error;
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#resolve();
  }
}

const BATCH_BYTES = 65_536;

class CopyOutQuery extends CopyQuery {
  readonly #destination: Writable;
  #connection: CopyConnection | undefined;
  #batch: Buffer[] = [];
  #bytes = 0;
  #paused = false;

  constructor(text: string, destination: Writable) {
    super(text);
    this.#destination = destination;
  }

  override submit(connection: CopyConnection): void {
    this.#connection = connection;
    super.submit(connection);
  }

  handleCopyData(message: { chunk: Buffer }): void {
    // The parser uses its buffer again, so these bytes are copied. There is a message a row, too small to be written alone.
    this.#batch.push(Buffer.from(message.chunk));
    this.#bytes += message.chunk.length;
    if (this.#bytes >= BATCH_BYTES) this.#write();
  }

  override handleCommandComplete(): void {
    this.#write();
  }

  #write(): void {
    if (this.#bytes === 0) return;
    const roomLeft = this.#destination.write(Buffer.concat(this.#batch));
    this.#batch = [];
    this.#bytes = 0;
    if (roomLeft || this.#paused) return;
    const { stream } = this.#connection as CopyConnection;
    this.#paused = true;
    stream.pause();
    this.#destination.once('drain', () => {
      this.#paused = false;
      stream.resume();
    });
  }
}

/** PostgreSQL must not wait for the next chunk while this process computes something else. */
const MOST_WAITING_BYTES = 8_388_608;

class CopyInQuery extends CopyQuery {
  readonly #chunks: AsyncIterable<Buffer>;

  constructor(text: string, chunks: AsyncIterable<Buffer>) {
    super(text);
    this.#chunks = chunks;
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.#send(connection);
  }

  async #send(connection: CopyConnection): Promise<void> {
    try {
      for await (const chunk of this.#chunks) {
        connection.sendCopyFromChunk(chunk);
        if (connection.stream.writableLength > MOST_WAITING_BYTES) await once(connection.stream, 'drain');
      }
      connection.endCopyFrom();
    } catch (error) {
      connection.sendCopyFail('the source failed');
      this.handleError(error);
    }
  }
}

/** Runs `COPY … TO STDOUT` and writes what comes to the destination, at its pace; does not end it. */
export async function copyOut(client: pg.Client, text: string, destination: Writable): Promise<void> {
  const query = new CopyOutQuery(text, destination);
  client.query(query as unknown as pg.Submittable);
  await query.finished;
}

/** Runs `COPY … FROM STDIN` with the chunks, which hold whole lines. */
export async function copyIn(client: pg.ClientBase, text: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  const query = new CopyInQuery(text, chunks);
  client.query(query as unknown as pg.Submittable);
  await query.finished;
}

/** A cell of a row; documents are given as JSON texts. */
export type CopyValue = string | number | bigint | boolean | Date | null | undefined;

const NEEDS_ESCAPE = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const ROWS_A_CHUNK = 200;

/** A cell of COPY's text format. */
function formatCell(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  return NEEDS_ESCAPE.test(value) ? value.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found) : value;
}

/** From here on COPY is cheaper than a statement with its parameters. */
export const MANY_ROWS = 200;

/** Inserts rows into `target`, a table with its columns. As one document of JSON they would cost PostgreSQL three times as much. */
export async function copyRows<T>(
  client: pg.ClientBase,
  target: string,
  rows: readonly T[],
  toCells: (row: T) => readonly CopyValue[],
): Promise<void> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let from = 0; from < rows.length; from += ROWS_A_CHUNK) {
      const lines = rows.slice(from, from + ROWS_A_CHUNK).map((row) => `${toCells(row).map(formatCell).join('\t')}\n`);
      yield Buffer.from(lines.join(''));
    }
  }
  await copyIn(client, `copy ${target} from stdin`, chunks());
}
