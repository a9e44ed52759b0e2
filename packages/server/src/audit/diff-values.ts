/** One difference between what was and what is, such as `stages[1].percent`. */
export interface AuditChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const DEEPEST = 6;
const MOST = 500;

/** What differs, member by member; lists and what is nested too deeply are compared whole. Pure. */
export function diffValues(before: unknown, after: unknown): AuditChange[] {
  const changes: AuditChange[] = [];
  collect('', before ?? null, after ?? null, 0, changes);
  return changes.slice(0, MOST);
}

function collect(path: string, before: unknown, after: unknown, depth: number, changes: AuditChange[]): void {
  if (changes.length >= MOST) return;
  const wasObject = isObject(before);
  const isObjectNow = isObject(after);
  const goesIn = (wasObject && isObjectNow) || (path === '' && (wasObject || isObjectNow));
  if (!goesIn || depth >= DEEPEST) {
    if (path !== '' || before !== null || after !== null) {
      if (JSON.stringify(before) !== JSON.stringify(after)) changes.push({ path: path || 'value', before, after });
    }
    return;
  }
  const was = wasObject ? before : {};
  const now = isObjectNow ? after : {};
  for (const name of new Set([...Object.keys(was), ...Object.keys(now)])) {
    const inner = /^[\w$-]+$/.test(name)
      ? path === ''
        ? name
        : `${path}.${name}`
      : `${path}[${JSON.stringify(name)}]`;
    collect(inner, memberOf(was, name), memberOf(now, name), depth + 1, changes);
  }
}

function memberOf(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
