import type { Connector } from '@usher/connector-sdk';
import type { Description } from './messages.ts';

type Loaded = { ok: true; connector: Connector } | { ok: false; problem: string };

/** Imports the module and finds its connector: the default export, or the one called `connector`. Never throws. */
export async function loadConnector(url: string): Promise<Loaded> {
  let found: Record<string, unknown>;
  try {
    found = (await import(url)) as Record<string, unknown>;
  } catch (error) {
    return { ok: false, problem: `it cannot be loaded: ${describeThrown(error)}` };
  }
  const connector = found['default'] ?? found['connector'];
  if (typeof connector !== 'object' || connector === null) {
    return { ok: false, problem: 'it exports no connector. Export it as default, or as `connector`' };
  }
  if (typeof (connector as Partial<Connector>).connect !== 'function') {
    return { ok: false, problem: 'its connector has no function `connect`' };
  }
  return { ok: true, connector: connector as Connector };
}

export function describeConnector(connector: Connector): Description {
  const { id, version, label, description, optionsSchema, protocol, credentialKinds } = connector;
  return { id, version, label, description, optionsSchema, protocol, credentialKinds: [...(credentialKinds ?? [])] };
}

/** What was thrown, in a few lines. */
export function describeThrown(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 500);
  const place = error.stack
    ?.split('\n')
    .find((line) => /^\s+at .*\.[cm]?[jt]s:\d+/.test(line) && !line.includes('connector-host'));
  return `${error.name}: ${error.message}`.slice(0, 1000) + (place ? ` (${place.trim().slice(0, 300)})` : '');
}
