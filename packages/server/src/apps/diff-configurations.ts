import type { MappingRule } from '../mapping/index.ts';
import { sameValue } from '../planning/index.ts';
import type { ConfigurationDocument } from './connected-app.ts';

/** One difference of two configurations: `mapping[userName].formula`, `deprovisioning.user deleted.action`. */
export interface ConfigurationChange {
  path: string;
  /** Absent: not there before. */
  before?: unknown;
  /** Absent: not there any more. */
  after?: unknown;
}

/** What changed from one configuration to another. Rules are told apart by their target: their order means nothing. */
export function diffConfigurations(before: ConfigurationDocument, after: ConfigurationDocument): ConfigurationChange[] {
  return [
    ...diffMapping(before.mapping, after.mapping),
    ...diffObjects('connectorOptions', before.connectorOptions, after.connectorOptions),
    ...diffObjects('correlation', before.correlation, after.correlation),
    ...Object.keys({ ...before.deprovisioning, ...after.deprovisioning }).flatMap((name) => {
      const cause = name as keyof ConfigurationDocument['deprovisioning'];
      return diffObjects(`deprovisioning.${cause}`, before.deprovisioning[cause], after.deprovisioning[cause]);
    }),
    ...diffValue('privateCa', before.privateCa, after.privateCa),
  ];
}

function diffMapping(before: readonly MappingRule[], after: readonly MappingRule[]): ConfigurationChange[] {
  const was = new Map(before.map((rule) => [rule.target.toLowerCase(), rule]));
  const is = new Map(after.map((rule) => [rule.target.toLowerCase(), rule]));
  const removed = before.filter(({ target }) => !is.has(target.toLowerCase()));
  return [
    ...removed.map((rule) => ({ path: `mapping[${rule.target}]`, before: rule })),
    ...after.flatMap((rule) => {
      const path = `mapping[${rule.target}]`;
      const old = was.get(rule.target.toLowerCase());
      return old ? diffObjects(path, old, rule) : [{ path, after: rule }];
    }),
  ];
}

function diffObjects(path: string, before: object = {}, after: object = {}): ConfigurationChange[] {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  return Object.keys({ ...was, ...is }).flatMap((name) => diffValue(`${path}.${name}`, was[name], is[name]));
}

function diffValue(path: string, before: unknown, after: unknown): ConfigurationChange[] {
  // The order of matching attributes is their meaning, so lists are compared as they stand.
  const isSame =
    Array.isArray(before) || Array.isArray(after)
      ? JSON.stringify(before) === JSON.stringify(after)
      : sameValue(before as never, after as never);
  if (isSame) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}
