import type { LookupTables, MappingRule } from '../mapping/index.ts';
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
    ...diffValue('scopingFilter', before.scopingFilter, after.scopingFilter),
    ...diffTables(before.tables ?? {}, after.tables ?? {}),
    ...diffNamed('mappingTests', before.mappingTests, after.mappingTests, ({ name }) => name),
    ...diffNamed('targetAttributes', before.targetAttributes, after.targetAttributes, ({ path }) => path),
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
  return diffNamed(
    'mapping',
    before,
    after,
    ({ target }) => target.toLowerCase(),
    ({ target }) => target,
  );
}

/** Lists whose items are told apart by a name, not by their place. */
function diffNamed<Item extends object>(
  path: string,
  before: readonly Item[] = [],
  after: readonly Item[] = [],
  keyOf: (item: Item) => string,
  nameOf: (item: Item) => string = keyOf,
): ConfigurationChange[] {
  const was = new Map(before.map((item) => [keyOf(item), item]));
  const is = new Map(after.map((item) => [keyOf(item), item]));
  const removed = before.filter((item) => !is.has(keyOf(item)));
  return [
    ...removed.map((item) => ({ path: `${path}[${nameOf(item)}]`, before: item })),
    ...after.flatMap((item) => {
      const itemPath = `${path}[${nameOf(item)}]`;
      const old = was.get(keyOf(item));
      return old ? diffObjects(itemPath, old, item) : [{ path: itemPath, after: item }];
    }),
  ];
}

/** Entry by entry: a table may be large. */
function diffTables(before: LookupTables, after: LookupTables): ConfigurationChange[] {
  return Object.keys({ ...before, ...after }).flatMap((name) =>
    diffObjects(`tables.${name}`, before[name], after[name]),
  );
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
