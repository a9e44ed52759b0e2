/** What the process of a custom connector may use, and for how long. */
export interface ChildLimits {
  /** From the start of the process until the connector has described itself. */
  startMs: number;
  /** Of one operation, without the time in which it waits for the host to answer a request. */
  operationMs: number;
  /** How long the process may answer nothing at all: an endless loop never does. */
  unresponsiveMs: number;
  heapMiB: number;
  /** Of the whole process: what V8 does not count as heap, buffers above all. */
  rssMiB: number;
  /** Of one message to the host: a page of accounts, or the body of a request. */
  maxMessageChars: number;
  requestsAtOnce: number;
  requestsPerOperation: number;
  /** Lines of the log that pass; those above are counted, and many more end the process. */
  logLinesPerSecond: number;
  floodLinesPerSecond: number;
  /** On standard output, standard error and in the log together. */
  floodCharsPerSecond: number;
  /** A process without work ends after this long, and begins anew with the next operation. */
  idleMs: number;
  firstRestartMs: number;
  longestRestartMs: number;
}

export const DEFAULT_CHILD_LIMITS: ChildLimits = {
  startMs: 20_000,
  operationMs: 30_000,
  unresponsiveMs: 5_000,
  heapMiB: 128,
  rssMiB: 320,
  maxMessageChars: 8 * 1024 * 1024,
  requestsAtOnce: 16,
  requestsPerOperation: 1_000,
  logLinesPerSecond: 50,
  floodLinesPerSecond: 5_000,
  floodCharsPerSecond: 2 * 1024 * 1024,
  idleMs: 60_000,
  firstRestartMs: 1_000,
  longestRestartMs: 60_000,
};
