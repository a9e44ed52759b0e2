import { createLog, type Log } from '../../src/log.ts';

/** A log whose entries a test may look at. */
export interface TestLog extends Log {
  readonly entries: ReadonlyArray<Record<string, unknown>>;
}

export function createTestLog(): TestLog {
  const entries: Array<Record<string, unknown>> = [];
  const log = createLog({ level: 'debug' }, { write: (line: string) => void entries.push(JSON.parse(line)) });
  return Object.assign(log, { entries });
}
