import { crashPoint } from '../crash-point.ts';
import { planBatch } from './plan-stage.ts';
import { type PumpFrame, persist } from './pump-frame.ts';
import { claimLinks, type DueLink } from './sql/claim-links.ts';

const CLAIM_SIZE = 512;
/** Batches that are being settled while the next one is claimed: the database and this process then work side by side. */
const MOST_WRITES = 2;

/** The first stage: claims due links ahead of sending and has them planned. */
export class ClaimStage {
  readonly #frame: PumpFrame;
  readonly #seeRevision: (revision: number) => void;
  #mayHaveMore = true;
  #urgentMayHaveMore = true;
  #running = false;
  #writes = 0;

  /** `seeRevision` is told when another revision of the app than the pump's is in force. */
  constructor(frame: PumpFrame, seeRevision: (revision: number) => void) {
    this.#frame = frame;
    this.#seeRevision = seeRevision;
  }

  get isRunning(): boolean {
    return this.#running || this.#writes > 0;
  }

  /** Links may have become due. */
  lookAgain(): void {
    this.#mayHaveMore = true;
    this.#urgentMayHaveMore = true;
  }

  /** Links came back that are not urgent by that. */
  lookForMore(): void {
    this.#mayHaveMore = true;
  }

  begin(): void {
    if (this.#running || this.#writes >= MOST_WRITES || !this.#isWanted()) return;
    this.#running = true;
    this.#frame.begin('claim', () => this.#run().finally(() => (this.#running = false)));
  }

  get #isFull(): boolean {
    const { hand } = this.#frame;
    return hand.waiting >= CLAIM_SIZE / 2 || hand.size >= 2 * CLAIM_SIZE;
  }

  #isWanted(): boolean {
    return this.#urgentMayHaveMore || (this.#mayHaveMore && !this.#isFull);
  }

  async #run(): Promise<void> {
    const { ground, lease, hand, runtime } = this.#frame;
    const now = ground.clock.now();
    const urgentOnly = this.#isFull;
    this.#urgentMayHaveMore = false;
    if (!urgentOnly) this.#mayHaveMore = false;
    const taken = hand.listTaken(ground.clock.monotonicMs());
    const wanted = { appId: lease.appId, now, limit: CLAIM_SIZE, ...taken, urgentOnly };
    const claim = await persist(this.#frame, () => claimLinks(ground.pool, wanted));
    crashPoint('after-claim');
    if (claim.appRevision !== runtime.app.revision) {
      this.lookAgain();
      return this.#seeRevision(claim.appRevision);
    }
    if (claim.links.length === CLAIM_SIZE && !urgentOnly) this.#mayHaveMore = true;
    if (claim.links.length === 0) return;
    const dueById = hand.take(claim.links);
    try {
      void this.#write(dueById, await planBatch(this.#frame, dueById, now));
    } catch (error) {
      hand.settle(dueById.keys());
      throw error;
    }
  }

  async #write(dueById: Map<string, DueLink>, write: () => Promise<void>): Promise<void> {
    this.#writes += 1;
    try {
      await write();
    } catch (error) {
      this.#frame.hand.settle(dueById.keys());
      this.#frame.fail(error, 'settle');
    }
    this.#writes -= 1;
    this.#frame.wake();
  }
}
