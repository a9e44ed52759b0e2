import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processor time in µs; of this process, and of the embedded PostgreSQL with all its processes. */
export interface ProcessorTime {
  nodeUs: number;
  databaseUs: number;
}

const TICK_US = 10_000;

/** Reads the clocks. Linux only: elsewhere the database's time is NaN. */
export function readProcessorTime(dataDir: string): ProcessorTime {
  const { user, system } = process.cpuUsage();
  return { nodeUs: user + system, databaseUs: readDatabaseUs(dataDir) };
}

export function since(before: ProcessorTime, dataDir: string): ProcessorTime {
  const now = readProcessorTime(dataDir);
  return { nodeUs: now.nodeUs - before.nodeUs, databaseUs: now.databaseUs - before.databaseUs };
}

/** The postmaster's children, and those that have ended, as its own clock of children tells. */
function readDatabaseUs(dataDir: string): number {
  try {
    const [pid = ''] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    let ticks = 0;
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const clocks = readClocks(name);
      if (!clocks) continue;
      if (name === pid.trim()) ticks += clocks.own + clocks.ended;
      else if (clocks.parent === pid.trim()) ticks += clocks.own;
    }
    return ticks * TICK_US;
  } catch {
    return Number.NaN;
  }
}

function readClocks(pid: string): { parent: string; own: number; ended: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (index: number) => Number(fields[index] ?? 0);
    return { parent: fields[1] ?? '', own: at(11) + at(12), ended: at(13) + at(14) };
  } catch {
    return undefined;
  }
}
