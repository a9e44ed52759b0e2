const lineMs = 1_000;
const rateWindowMs = 3_000;

/** Words for the person who watches. */
export class Terminal {
  readonly #write: (text: string) => void;
  readonly #live: boolean;

  constructor(stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>) {
    this.#write = (text) => void stream.write(text);
    this.#live = stream.isTTY === true;
  }

  title(text: string): void {
    this.#write(`\n${this.#live ? `\x1b[1m${text}\x1b[0m` : text}\n`);
  }

  say(text: string): void {
    this.#write(`${text.replaceAll(/^(?=.)/gm, '  ')}\n`);
  }

  /** One line that changes in place on a terminal, and a line a second elsewhere. */
  progress(what: string, total: number): Progress {
    return new Progress(what, total, this.#write, this.#live);
  }
}

export class Progress {
  readonly #what: string;
  readonly #total: number;
  readonly #write: (text: string) => void;
  readonly #live: boolean;
  readonly #startedAt = performance.now();
  #samples: { at: number; done: number }[] = [{ at: this.#startedAt, done: 0 }];
  #writtenAt = this.#startedAt;

  constructor(what: string, total: number, write: (text: string) => void, live: boolean) {
    this.#what = what;
    this.#total = total;
    this.#write = write;
    this.#live = live;
  }

  update(done: number): void {
    const now = performance.now();
    this.#samples.push({ at: now, done });
    // One sample older than the window stays, so that the rate is always over a whole window.
    while ((this.#samples[1]?.at ?? now) < now - rateWindowMs) this.#samples.shift();
    if (this.#live) this.#write(`\r\x1b[K  ${this.#describe(done)}`);
    else if (now - this.#writtenAt >= lineMs) {
      this.#writtenAt = now;
      this.#write(`  ${this.#describe(done)}\n`);
    }
  }

  finish(done: number): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const rate = Math.round(done / Math.max(seconds, 0.001));
    const text = `${this.#what}  ${count(done)} of ${count(this.#total)}  in ${seconds.toFixed(1)} s, ${rate}/s`;
    this.#write(`${this.#live ? '\r\x1b[K' : ''}  ${text}\n`);
  }

  #describe(done: number): string {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
    const rate = seconds > 0 ? ((last?.done ?? 0) - (first?.done ?? 0)) / seconds : 0;
    const left = rate > 0 ? `${Math.ceil((this.#total - done) / rate)} s left` : 'starting';
    const percent = Math.floor((100 * done) / Math.max(1, this.#total));
    return `${this.#what}  ${count(done)} of ${count(this.#total)}  ${percent} %  ${Math.round(rate)}/s  ${left}`;
  }
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 person`, `12 people`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function milliseconds(ms: number): string {
  return ms < 1_000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
