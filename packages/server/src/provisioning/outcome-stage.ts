import { crashPoint } from '../crash-point.ts';
import type { ClaimStage } from './claim-stage.ts';
import { concludeUnsent } from './conclude.ts';
import type { Held } from './hold-wave.ts';
import type { IntentStage } from './intent-stage.ts';
import type { Ready } from './links-in-hand.ts';
import type { Outcome } from './outcome.ts';
import { type PumpFrame, persist, signatureOf } from './pump-frame.ts';
import { markWaitingForNames } from './sql/relink.ts';
import { STALE_HOLD } from './sql/write-intents.ts';
import { writeHolds, writeOutcomes } from './sql/write-outcomes.ts';
import { writeOnce } from './write-once.ts';

const OUTCOME_BATCH = 64;
/** How long an outcome waits for company before it is committed, while calls are under way that will bring some. */
const OUTCOME_WAIT_MS = 20;
const MOST_OUTCOME_WRITES = 2;

/** The last stage: what calls came to is committed in groups. */
export class OutcomeStage {
  readonly #frame: PumpFrame;
  readonly #intents: IntentStage;
  readonly #claims: ClaimStage;
  #finished: { outcome: Outcome; batch: number }[] = [];
  #finishedAtMs = 0;
  #writing = 0;

  constructor(frame: PumpFrame, intents: IntentStage, claims: ClaimStage) {
    this.#frame = frame;
    this.#intents = intents;
    this.#claims = claims;
  }

  get isIdle(): boolean {
    return this.#writing === 0 && this.#finished.length === 0;
  }

  add(outcome: Outcome, batch: number): void {
    if (this.#finished.length === 0) this.#finishedAtMs = this.#frame.ground.clock.monotonicMs();
    this.#finished.push({ outcome, batch });
  }

  /** Writes what may be written now. `unsettled`: how many calls will bring more. */
  begin(unsettled: number): void {
    const { ground } = this.#frame;
    while (this.#finished.length > 0 && this.#writing < MOST_OUTCOME_WRITES) {
      const waitedMs = ground.clock.monotonicMs() - this.#finishedAtMs;
      const full = this.#finished.length >= OUTCOME_BATCH;
      if (!full && unsettled > 0 && waitedMs < OUTCOME_WAIT_MS) {
        this.#frame.wakeIn(OUTCOME_WAIT_MS - waitedMs);
        return;
      }
      const finished = this.#finished.splice(0, OUTCOME_BATCH);
      this.#finishedAtMs = ground.clock.monotonicMs();
      this.#writing += 1;
      crashPoint('before-outcome');
      void this.#write(finished)
        .catch((error: unknown) => this.#frame.fail(error, 'outcome'))
        .finally(() => {
          this.#writing -= 1;
          this.#frame.wake();
        });
    }
  }

  async #write(finished: { outcome: Outcome; batch: number }[]): Promise<void> {
    const { ground, hand, runtime } = this.#frame;
    const outcomes = await writeOnce(
      this.#frame,
      signatureOf(this.#frame),
      finished.map(({ outcome }) => outcome),
    );
    crashPoint('after-outcome');
    for (const { batch } of finished) this.#intents.close(batch);
    for (const outcome of outcomes) ground.metrics?.outcome(runtime.app.name, outcome);
    hand.settle(outcomes.map(({ userId }) => userId));
    if (outcomes.some((outcome) => !outcome.done)) this.#claims.lookForMore();
    if (outcomes.some(({ freedName }) => freedName)) {
      this.#frame.begin('taken names', () => this.#retryTakenNames());
    }
  }

  async #retryTakenNames(): Promise<void> {
    const { ground, lease } = this.#frame;
    const marked = await persist(this.#frame, () => markWaitingForNames(ground.pool, lease.appId, ground.clock.now()));
    if (marked > 0) this.#claims.lookAgain();
  }

  /** What a call found that a person must decide. */
  async writeHeld(held: Held, { item, batch }: Ready): Promise<void> {
    const { pool } = this.#frame.ground;
    const pump = signatureOf(this.#frame);
    const { outcomes, ...changes } = held;
    await writeOnce(this.#frame, pump, outcomes, (told) =>
      writeHolds(pool, pump, told, { ...changes, note: STALE_HOLD }),
    );
    this.#intents.close(batch);
    this.#frame.hand.settle([item.due.userId]);
  }

  /** Gives back what has its intent on record and will not be sent: the links stay due as they were. */
  async giveBack(unsent: Ready[]): Promise<void> {
    const { ground, hand } = this.#frame;
    if (unsent.length > 0) {
      crashPoint('before-giving-back');
      const outcomes = unsent.map(({ item, request }) => concludeUnsent(item, request));
      await writeOutcomes(ground.pool, signatureOf(this.#frame), outcomes);
    }
    for (const { item, batch } of unsent) {
      this.#intents.close(batch);
      hand.settle([item.due.userId]);
    }
    await this.#intents.forgetFinished();
  }
}
