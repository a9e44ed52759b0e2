import { z } from 'zod';
import { refuseField } from '../refusal.ts';

/** Query members of every list. */
export const PAGE_QUERY = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Most items of the page'),
  cursor: z.string().min(1).max(2000).optional().describe('`nextCursor` of the page before'),
};

/** The schema of one page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('For the next page; null on the last one'),
  });
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/**
 * Cuts rows that were read with one more than `limit` to a page. `positionOf` gives the sort key of the last item; `list` names the
 * list with its order, so that a cursor of one list is not taken for another's.
 */
export function buildPage<Item>(
  rows: Item[],
  limit: number,
  list: string,
  positionOf: (item: Item) => unknown[],
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? formatCursor(list, positionOf(last)) : null };
}

export function formatCursor(list: string, position: unknown[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url');
}

/** The sort key that a cursor holds, checked by `schema`; undefined without a cursor. */
export function parseCursor<Position>(
  cursor: string | undefined,
  list: string,
  schema: z.ZodType<Position>,
): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = z
    .tuple([z.literal(list)])
    .rest(z.unknown())
    .safeParse(readJson(cursor));
  const position = parsed.success ? schema.safeParse(parsed.data.slice(1)) : undefined;
  if (position?.success) return position.data;
  throw refuseField(
    'invalid_request',
    'query.cursor',
    'is not a cursor of this list',
    'Send the nextCursor of the page before, unchanged.',
  );
}

function readJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
