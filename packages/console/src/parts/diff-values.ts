import type { Change } from './value.tsx';

const DEEPEST = 4;

/** What differs between two values of any kind, as paths with before and after; lists are compared whole. */
export function diffValues(before: unknown, after: unknown, path = '', depth = 0): Change[] {
  if (isSame(before, after)) return [];
  if (depth < DEEPEST && (isRecord(before) || isRecord(after)) && isRecordOrBlank(before) && isRecordOrBlank(after)) {
    const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
    return [...names].flatMap((name) =>
      diffValues(
        (before as Record<string, unknown> | null)?.[name],
        (after as Record<string, unknown> | null)?.[name],
        path === '' ? name : `${path}.${name}`,
        depth + 1,
      ),
    );
  }
  return [{ path: path === '' ? '–' : path, before, after }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordOrBlank(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === null || value === undefined || isRecord(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return (a ?? null) === (b ?? null) || JSON.stringify(a) === JSON.stringify(b);
}
