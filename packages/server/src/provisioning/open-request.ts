import type { OpenRequest } from './conclude.ts';
import type { Item } from './plan-claimed.ts';
import type { DueLink } from './sql/claim-links.ts';

/** The request that an item's attempt belongs to: the one that is open, or a new one. */
export function openRequest(item: Item, now: Date, newId: () => string): OpenRequest {
  const { openRequest: open, link } = item.loaded;
  // A failed request is not taken up again but followed by a new one, as in Salesforce.
  const continues = open !== null && link.standing !== 'parked';
  return {
    id: continues ? open.id : newId(),
    createdAt: continues ? open.createdAt : now,
    cause: item.task.kind === 'change' ? (item.task.change.cause ?? causeOf(item.due)) : item.task.cause,
    version: item.served.version,
    parent: open && !continues ? open : null,
  };
}

export function causeOf(due: Pick<DueLink, 'urgency' | 'attempts'>): string {
  if (due.urgency === 1) return 'on demand';
  return due.attempts > 0 ? 'retry' : 'directory change';
}
