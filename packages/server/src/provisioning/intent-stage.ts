import { crashPoint } from '../crash-point.ts';
import { type GuardSettings, listBudgets } from '../guards/index.ts';
import { windowLimit } from '../transport/index.ts';
import { type OpenRequest, operationOf } from './conclude.ts';
import { guardItems } from './guard-stage.ts';
import { guardsOf, isReleased, passedBy } from './hold-wave.ts';
import { openRequest } from './open-request.ts';
import { type Item, takesAccess } from './plan-claimed.ts';
import { type PumpFrame, persist, signatureOf } from './pump-frame.ts';
import type { SendStage } from './send-stage.ts';
import { forgetBatches, type Intent, writeIntents } from './sql/write-intents.ts';

const INTENT_BATCH = 64;

/** The fourth stage: what the guard lets through gets its intent on record, a batch in one commit, and is ready to be sent. */
export class IntentStage {
  readonly #frame: PumpFrame;
  readonly #sending: Pick<SendStage, 'window'>;
  /** How many items of each batch of intents have no outcome yet, and the batches that may be forgotten. */
  readonly #openInBatch = new Map<number, number>();
  #finishedBatches: number[] = [];
  #running = false;

  constructor(frame: PumpFrame, sending: Pick<SendStage, 'window'>) {
    this.#frame = frame;
    this.#sending = sending;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  begin(): void {
    if (this.#running || !this.#isWanted()) return;
    this.#running = true;
    this.#frame.begin('prepare', () => this.#run().finally(() => (this.#running = false)));
  }

  #isWanted(): boolean {
    const { hand } = this.#frame;
    return hand.hasUrgent || (hand.waiting > 0 && hand.readyCount < this.#readyWanted() / 2);
  }

  /** How much may wait with its intent on record: enough to keep the window full, no more than can go out soon. */
  #readyWanted(): number {
    const perSecond = this.#frame.runtime.app.maxPerSecond;
    const soon = perSecond === null ? INTENT_BATCH : Math.max(2, Math.ceil(perSecond / 4));
    return Math.min(2 * INTENT_BATCH, Math.max(4 * windowLimit(this.#sending.window), INTENT_BATCH), soon);
  }

  async #run(): Promise<void> {
    const { ground, hand } = this.#frame;
    const now = ground.clock.now();
    const urgent = hand.hasUrgent;
    const lane = hand.nextLane();
    // What comes into the lane while the guard asks the database has not been guarded, and waits for the next turn.
    const allowed = await guardItems(this.#frame, [...lane], now);
    const items = hand.takeFromLanes(allowed.slice(0, Math.min(INTENT_BATCH, Math.max(1, this.#readyWanted()))));
    if (items.length === 0) return;
    const opened = items.map((item) => ({ item, request: openRequest(item, now, () => ground.clock.uuid()) }));
    const guards = guardsOf(this.#frame.runtime);
    crashPoint('before-intent');
    const pump = { ...signatureOf(this.#frame), now, revision: this.#frame.runtime.app.revision };
    const intents = opened.map(({ item, request }) => toIntent(guards, item, request));
    const finished = this.#finishedBatches;
    this.#finishedBatches = [];
    const batch = await persist(this.#frame, () => writeIntents(ground.pool, pump, intents, finished));
    // Planned under what the app was: it stays due, and is planned anew under what it is.
    if (batch === undefined) return hand.settle(items.map(({ due }) => due.userId));
    this.#openInBatch.set(batch, opened.length);
    crashPoint('after-intent');
    hand.makeReady(
      opened.map((ready) => ({ ...ready, batch })),
      urgent,
    );
  }

  /** Another item of a batch is on record with its outcome; a batch without open items is forgotten. */
  close(batch: number): void {
    const open = (this.#openInBatch.get(batch) ?? 1) - 1;
    this.#openInBatch.set(batch, open);
    if (open > 0) return;
    this.#openInBatch.delete(batch);
    this.#finishedBatches.push(batch);
  }

  async forgetFinished(): Promise<void> {
    await forgetBatches(this.#frame.ground.pool, this.#finishedBatches.splice(0));
  }
}

function toIntent(guards: GuardSettings, item: Item, request: OpenRequest): Intent {
  const { task, loaded } = item;
  const isChange = task.kind === 'change';
  return {
    requestId: request.id,
    createdAt: request.createdAt,
    userId: loaded.userId,
    operation: operationOf(item),
    cause: request.cause,
    version: request.version,
    budgets: isChange ? listBudgets(guards, task.change, takesAccess(task.change, loaded)) : [],
    released: isReleased(passedBy(item)),
    releasedHoldId: item.releasedHoldId,
    staleHoldId: item.staleHoldId,
    attempt: item.due.attempts + 1,
    parent: request.parent,
  };
}
