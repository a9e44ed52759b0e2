import type { Attributes } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import type { PlanningContext } from './plan-claimed.ts';
import type { LoadedLink } from './sql/load-links.ts';

/** What planning goes by for the links of an app that a version serves. */
export function planningContextOf(runtime: AppRuntime, served: AppRuntime, now: Date): PlanningContext {
  const { app, document, mapping } = served;
  const restored = served === runtime ? restoring(runtime) : undefined;
  return { app, document, mapping, evaluation: served.evaluationContext(), now, restored };
}

/**
 * A version that was rolled back may have written attributes of which this one says nothing: an account that it wrote gets
 * back what was read there before it, or, where there was nothing before, nothing. Once, for then it is this one's.
 */
function restoring(runtime: AppRuntime): ((loaded: LoadedLink) => Attributes | undefined) | undefined {
  const { healing, mapping } = runtime;
  if (!healing) return undefined;
  const known = new Set(mapping.rules.map(({ rule }) => rule.target.toLowerCase()));
  const paths = healing.paths.filter((path) => !known.has(path.toLowerCase()));
  const offline = { request: () => Promise.reject(new Error('Reading what was kept sends nothing')) };
  const { accounts } = runtime.connect(offline, new AbortController().signal);
  return ({ link, before }) => {
    if (link.version !== healing.version || link.remoteId === null) return undefined;
    const account = { remoteId: link.remoteId, active: true, representation: before ?? {} };
    return Object.fromEntries(paths.map((path) => [path, accounts.read(account, path) ?? null]));
  };
}
