import type { Socket } from 'node:net';

/**
 * JSON messages, one a line, over a pipe between two processes. Node's own channel between processes has no limit on
 * the size of a message, so that a child could make its host read without end; here a line that is too long closes it.
 */
export class LineChannel {
  readonly #socket: Socket;
  readonly #maxLineChars: number;
  readonly #onLine: (line: string) => void;
  readonly #onEnd: (problem: string | undefined) => void;
  #parts: string[] = [];
  #partChars = 0;
  #out: string[] = [];
  #closed = false;

  constructor(
    socket: Socket,
    options: { maxLineChars: number; onLine(line: string): void; onEnd(problem: string | undefined): void },
  ) {
    this.#socket = socket;
    this.#maxLineChars = options.maxLineChars;
    this.#onLine = options.onLine;
    this.#onEnd = options.onEnd;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#read(chunk));
    socket.on('error', () => this.#end(undefined));
    socket.on('close', () => this.#end(undefined));
    socket.on('end', () => this.#end(undefined));
  }

  /** Messages of one turn of the event loop go out together: one system call for many. */
  send(message: object): void {
    if (this.#closed) return;
    this.#out.push(JSON.stringify(message));
    if (this.#out.length === 1) setImmediate(() => this.#flush());
  }

  close(): void {
    this.#end(undefined);
  }

  #flush(): void {
    const text = `${this.#out.join('\n')}\n`;
    this.#out = [];
    if (!this.#closed) this.#socket.write(text);
  }

  #read(chunk: string): void {
    let from = 0;
    while (!this.#closed) {
      const end = chunk.indexOf('\n', from);
      const part = end === -1 ? chunk.slice(from) : chunk.slice(from, end);
      this.#partChars += part.length;
      if (this.#partChars > this.#maxLineChars) {
        this.#end(`a message of more than ${this.#maxLineChars} characters`);
        return;
      }
      this.#parts.push(part);
      if (end === -1) return;
      const line = this.#parts.length === 1 ? part : this.#parts.join('');
      this.#parts = [];
      this.#partChars = 0;
      from = end + 1;
      this.#onLine(line);
    }
  }

  #end(problem: string | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts = [];
    this.#out = [];
    this.#socket.destroy();
    this.#onEnd(problem);
  }
}
