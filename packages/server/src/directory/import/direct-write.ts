import { inTransaction, isSerializationFailure, type Pool, type PoolClient } from '../../db/index.ts';
import { markUsers } from '../../marking/index.ts';
import { loadUsers } from '../sql/user-rows.ts';
import { deferManagers } from '../sql/write-import.ts';
import type { ChangeContext, UserPlan } from '../user-change.ts';
import { refuseTaken, writeUserPlans } from '../write-user-plans.ts';
import { refuseChanged } from './import-problem.ts';

const MOST_ROWS_AT_ONCE = 5_000;
const FIRST_ROWS = 1_000;
const ATTEMPTS = 3;

type Write = (tx: PoolClient, context: ChangeContext) => Promise<void>;

/**
 * Writes the rows of a file while its later rows are judged, in a transaction of its own that is committed only if all of them
 * turn out to be good: the database works while the file is computed, and nobody sees anything of it before. A few rows wait
 * until that is known. End it with `commit` or `abandon`.
 */
export class DirectWrite {
  readonly #pool: Pool;
  readonly #begin: () => ChangeContext;
  #waiting: UserPlan[] = [];
  #rowsAtOnce = FIRST_ROWS;
  #open: (OpenTransaction & { readonly context: ChangeContext }) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** `begin` gives the context with the time of the transaction. */
  constructor(pool: Pool, begin: () => ChangeContext) {
    this.#pool = pool;
    this.#begin = begin;
  }

  /** Waits only for the rows before the last ones. What fails is told by `commit`: the rows' own problems say it better. */
  async add(plans: readonly UserPlan[]): Promise<void> {
    if (this.#failure !== undefined) return;
    for (const plan of plans) if (plan.kind !== 'unchanged') this.#waiting.push(plan);
    if (this.#waiting.length < this.#rowsAtOnce) return;
    await this.#writing;
    // Soon to begin with, and then with few stops.
    this.#rowsAtOnce = Math.min(this.#rowsAtOnce * 2, MOST_ROWS_AT_ONCE);
    this.#writing = this.#writeWaiting().catch((error) => {
      this.#failure ??= error;
    });
  }

  /** Writes what waits and the rest, which marks the users that are not new, and commits. Throws a Refusal when users were changed meanwhile. */
  async commit(rest: Write): Promise<void> {
    await this.#writing;
    try {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#open) {
        await this.#writeWaiting();
        await rest(this.#open.tx, this.#open.context);
        await this.#open.commit();
      } else {
        const context = this.#begin();
        const write = async (tx: PoolClient): Promise<void> => {
          await deferManagers(tx);
          await writePlans(tx, context, this.#waiting);
          await rest(tx, context);
        };
        await inTransaction(this.#pool, write, { attempts: ATTEMPTS });
      }
    } catch (error) {
      throw isSerializationFailure(error) ? refuseChanged() : error;
    }
  }

  /** Undoes what was not committed. */
  async abandon(): Promise<void> {
    await this.#writing;
    await this.#open?.rollBack();
  }

  async #writeWaiting(): Promise<void> {
    const plans = this.#waiting;
    this.#waiting = [];
    if (!this.#open) {
      this.#open = { ...(await openTransaction(this.#pool)), context: this.#begin() };
      await deferManagers(this.#open.tx);
    }
    await writePlans(this.#open.tx, this.#open.context, plans);
  }
}

async function writePlans(tx: PoolClient, context: ChangeContext, plans: readonly UserPlan[]): Promise<void> {
  const compared = new Map(
    plans.flatMap((plan) => ('before' in plan && plan.before ? [[plan.before.id, plan.before]] : [])),
  );
  const locked = await loadUsers(tx, [...compared.keys()], { lock: true });
  for (const [id, before] of compared) {
    const now = locked.get(id);
    if (!now || now.isDeleted || String(now.revision) !== String(before.revision)) throw refuseChanged();
  }
  await refuseTaken(() => writeUserPlans(tx, context, plans, { userIds: [], managerIds: [] }));
  // Nobody else can wait for the schedule of new users. That of others is held as shortly as can be, by `rest`.
  const created = plans.flatMap((plan) => (plan.kind === 'created' ? [plan.after.id] : []));
  if (created.length > 0) await markUsers(tx, context.now, created);
}

interface OpenTransaction {
  readonly tx: PoolClient;
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

const GIVEN_UP = new Error('The transaction was given up');

/** A transaction that stays open until its caller ends it. Ending it a second time does nothing. */
async function openTransaction(pool: Pool): Promise<OpenTransaction> {
  const opened = Promise.withResolvers<PoolClient>();
  const decided = Promise.withResolvers<void>();
  const ended = inTransaction(pool, async (tx) => {
    opened.resolve(tx);
    await decided.promise;
  });
  ended.catch(opened.reject);
  return {
    tx: await opened.promise,
    commit: async () => {
      decided.resolve();
      await ended;
    },
    rollBack: async () => {
      decided.reject(GIVEN_UP);
      await ended.catch(() => {});
    },
  };
}
