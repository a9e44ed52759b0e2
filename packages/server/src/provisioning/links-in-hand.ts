import type { AccountOwner } from '../correlation/index.ts';
import type { OpenRequest } from './conclude.ts';
import type { Item } from './plan-claimed.ts';
import type { DueLink } from './sql/claim-links.ts';

/** An item whose intent is committed. */
export interface Ready {
  item: Item;
  request: OpenRequest;
  batch: number;
}

/**
 * Every link that a pump has claimed and not settled, and where on the way it is: planned and waiting in a lane, ready to be
 * sent, or beyond. A claim leaves out what is in hand, so that no link is worked twice at a time.
 */
export class LinksInHand {
  readonly #users = new Set<string>();
  /** Users whose call by the pump before may still be under way, until when by the monotonic clock. */
  readonly #inherited = new Map<string, number>();
  readonly #lanes: [Item[], Item[], Item[]] = [[], [], []];
  readonly #ready: [urgent: Ready[], ordinary: Ready[]] = [[], []];
  /** Accounts that somebody in hand is about to be linked to, by remote id. */
  readonly #reserved = new Map<string, AccountOwner>();

  get size(): number {
    return this.#users.size;
  }

  /** How many wait in the lanes. */
  get waiting(): number {
    return this.#lanes[0].length + this.#lanes[1].length + this.#lanes[2].length;
  }

  /** How many have their intent on record and are not sent. */
  get readyCount(): number {
    return this.#ready[0].length + this.#ready[1].length;
  }

  get hasUrgent(): boolean {
    return this.#lanes[0].length > 0;
  }

  leaveUntil(userId: string, monotonicMs: number): void {
    this.#inherited.set(userId, monotonicMs);
  }

  /** What a claim leaves out; the urgent lanes leave out less, for what waits in an ordinary lane may become urgent. */
  listTaken(nowMs: number): { inHand: string[]; busy: string[] } {
    for (const [userId, untilMs] of this.#inherited) if (untilMs <= nowMs) this.#inherited.delete(userId);
    const inHand = [...this.#users, ...this.#inherited.keys()];
    const waiting = this.#lanes.flat().filter((item) => item.due.urgency === 2);
    const movable = new Set(waiting.map((item) => item.due.userId));
    return { inHand, busy: inHand.filter((userId) => !movable.has(userId)) };
  }

  /** Puts claimed links in hand. One that waited in a lane and became urgent leaves it, to be planned anew. */
  take(links: DueLink[]): Map<string, DueLink> {
    // What has its intent on record by now is about to be sent: it comes back by itself, since its revision was raised.
    const waiting = new Set(this.#lanes.flat().map((item) => item.due.userId));
    const taken = links.filter(({ userId }) => !this.#users.has(userId) || waiting.has(userId));
    const dueById = new Map(taken.map((due) => [due.userId, due]));
    this.#keepInLanes((item) => !dueById.has(item.due.userId));
    for (const userId of dueById.keys()) this.#users.add(userId);
    return dueById;
  }

  queue(item: Item): void {
    this.#lanes[item.lane].push(item);
  }

  /** The lane whose turn it is: what takes access away first, then what a person waits for, then the rest. */
  nextLane(): readonly Item[] {
    return this.#lanes.find((lane) => lane.length > 0) ?? [];
  }

  /** Takes these items out of their lanes; those that were planned anew meanwhile are theirs no more and left out. */
  takeFromLanes(items: readonly Item[]): Item[] {
    const wanted = new Set(items);
    const taken = this.#lanes.flat().filter((item) => wanted.has(item));
    if (taken.length > 0) this.#keepInLanes((item) => !wanted.has(item));
    return taken;
  }

  #keepInLanes(stays: (item: Item) => boolean): void {
    for (const [index, lane] of this.#lanes.entries()) {
      if (!lane.every(stays)) this.#lanes[index as 0 | 1 | 2] = lane.filter(stays);
    }
  }

  makeReady(ready: Ready[], urgent: boolean): void {
    this.#ready[urgent ? 0 : 1].push(...ready);
  }

  nextReady(): Ready | undefined {
    return this.#ready[0].shift() ?? this.#ready[1].shift();
  }

  settle(userIds: Iterable<string>): void {
    for (const userId of userIds) this.#users.delete(userId);
    if (this.#reserved.size === 0) return;
    for (const [remoteId, { userId }] of this.#reserved) if (!this.#users.has(userId)) this.#reserved.delete(remoteId);
  }

  /**
   * Reserves an account until the user is settled: who matches it meanwhile must not write to it. Gives who has it if that is
   * somebody else. To be asked before the database is: what is settled in between is on record there.
   */
  reserve(remoteId: string, user: AccountOwner): AccountOwner | undefined {
    const holder = this.#reserved.get(remoteId);
    if (holder && holder.userId !== user.userId) return holder;
    this.#reserved.set(remoteId, user);
    return undefined;
  }

  /** Forgets what waits in the lanes: it is still due. */
  dropLanes(): void {
    for (const lane of this.#lanes) for (const item of lane.splice(0)) this.#users.delete(item.due.userId);
  }

  takeReady(): Ready[] {
    return this.#ready.flatMap((ready) => ready.splice(0));
  }
}
