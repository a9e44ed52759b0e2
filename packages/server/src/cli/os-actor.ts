import { hostname, userInfo } from 'node:os';
import type { Actor } from '../audit/index.ts';

/** Who works at this machine's command line. */
export function describeOsActor(): Actor {
  return { kind: 'command line', name: findOsUserName(), origin: hostname() };
}

/** A user id that the system has no name for, as in many containers, is its number. */
function findOsUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
