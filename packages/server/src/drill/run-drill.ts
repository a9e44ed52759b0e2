import type { TargetAccount } from '@usher/connector-sdk';
import { type AppGround, type AppRuntime, findAppById, getVersion, openUnderConfiguration } from '../apps/index.ts';
import type { AccountState } from '../planning/index.ts';
import { findOnce, type LoadedLink, loadLinks, performOnce, planLoaded, readOnce } from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';
import type { Exchange } from '../transport/index.ts';
import type { Drill, DrillStepName } from './drill.ts';
import { judgeAccount } from './judge-account.ts';
import {
  beginStep,
  endStep,
  finishDrill,
  isCancelled,
  listLeftovers,
  listSteps,
  noteAccount,
  startDrillRow,
} from './sql/drills.ts';

const STEP_TIMEOUT_MS = 60_000;
/** A target may show a write only after a moment, also where nobody said so. */
const LEAST_PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 500;

/** What one step came to. */
type StepResult = { state: 'passed' | 'failed' | 'skipped'; message: string; exchanges: Exchange[]; nextStep?: string };

/** The account of the test user as the drill knows it. */
interface Known {
  remoteId: string | null;
  state: AccountState;
  applied: LoadedLink['link']['applied'];
}

/** Carries out a drill. One that was interrupted is not gone on with: what it made is cleaned up. */
export async function runDrill(ground: AppGround, drill: Drill, signal: AbortSignal): Promise<void> {
  const runtime = await openForDrill(ground, drill);
  const trial = new Trial(ground, runtime, drill, signal);
  try {
    const interrupted = drill.state === 'running';
    await startDrillRow(ground.pool, drill.id, ground.clock.now());
    if (interrupted) await trial.recover();
    else await trial.run();
  } finally {
    await runtime.close();
  }
}

async function openForDrill(ground: AppGround, drill: Drill): Promise<AppRuntime> {
  const app = await findAppById(ground.pool, drill.appId);
  if (!app) throw new Refusal('not_found', 'The app was deleted meanwhile.');
  if (app.connector !== drill.connector || app.baseUrl !== drill.baseUrl) {
    throw new Refusal('conflict', `${app.name} was pointed at another target meanwhile. Begin a new drill.`);
  }
  const { document } = await getVersion(ground, app.id, app.name, drill.version);
  return openUnderConfiguration(ground, app, document);
}

/** One run through the steps, and what is known of the account meanwhile. */
class Trial {
  readonly #ground: AppGround;
  readonly #runtime: AppRuntime;
  readonly #drill: Drill;
  readonly #signal: AbortSignal;
  #known: Known = { remoteId: null, state: 'absent', applied: null };
  #failure: { problem: string; nextStep: string } | undefined;
  #ordinal = 0;

  constructor(ground: AppGround, runtime: AppRuntime, drill: Drill, signal: AbortSignal) {
    this.#ground = ground;
    this.#runtime = runtime;
    this.#drill = drill;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const steps: [DrillStepName, () => Promise<StepResult>][] = [
      ['look', () => this.#look()],
      ['create', () => this.#change('create')],
      ['verify created', () => this.#verify('active')],
      ['deactivate', () => this.#change('deactivate')],
      ['verify deactivated', () => this.#verify('deactivated')],
      ['reactivate', () => this.#change('reactivate')],
      ['verify reactivated', () => this.#verify('active')],
    ];
    let isCut = false;
    for (const [name, act] of steps) {
      isCut = this.#signal.aborted || (await isCancelled(this.#ground.pool, this.#drill.id));
      if (isCut || !(await this.#step(name, act))) break;
    }
    // The server stops: whoever takes the drill over cleans up.
    if (this.#signal.aborted) return;
    await this.#cleanUp();
    await this.#finish(isCut);
  }

  /** The process that ran the drill is gone, in the middle of anything. */
  async recover(): Promise<void> {
    const steps = await listSteps(this.#ground.pool, this.#drill.id);
    this.#ordinal = Math.max(0, ...steps.map(({ ordinal }) => ordinal));
    this.#fail('The server stopped in the middle of the drill', 'Begin a new drill.');
    this.#known = { ...this.#known, remoteId: this.#drill.remoteId, state: 'active', applied: {} };
    // A create may have been sent of which nothing is on record: the account bears the id of the test user.
    if (this.#known.remoteId === null) await this.#step('look', () => this.#look(true));
    await this.#cleanUp();
    await this.#finish(false);
  }

  /** Keeps a step with its exchanges. False: it failed. */
  async #step(name: DrillStepName, act: () => Promise<StepResult>): Promise<boolean> {
    const { pool, clock } = this.#ground;
    this.#ordinal += 1;
    const ordinal = this.#ordinal;
    await beginStep(pool, this.#drill.id, { ordinal, name, now: clock.now() });
    const { state, message, exchanges, nextStep } = await act();
    await endStep(pool, this.#drill.id, { ordinal, state, message, now: clock.now(), exchanges });
    if (state === 'failed') this.#fail(`${name}: ${message}`, nextStep ?? 'Look at the exchanges of the step.');
    return state !== 'failed';
  }

  #fail(problem: string, nextStep: string): void {
    this.#failure ??= { problem, nextStep };
  }

  async #finish(isCut: boolean): Promise<void> {
    const { pool, clock } = this.#ground;
    const state = isCut ? 'cancelled' : this.#failure ? 'failed' : 'passed';
    await finishDrill(pool, this.#drill.id, { state, now: clock.now(), ...this.#failure });
  }

  #patience(): AbortSignal {
    return AbortSignal.any([this.#signal, AbortSignal.timeout(STEP_TIMEOUT_MS)]);
  }

  /** The link as the drill needs it to be for what comes next. */
  async #load(entitled: boolean): Promise<LoadedLink> {
    const { pool, clock } = this.#ground;
    const { appId, userId } = this.#drill;
    const needs = { manager: true, entitlements: true };
    const [loaded] = await loadLinks(pool, { appId, userIds: [userId], now: clock.now(), needs });
    if (!loaded) throw new Refusal('not_found', 'The test user was deleted meanwhile.');
    const { remoteId, state, applied } = this.#known;
    return {
      ...loaded,
      entitlement: { isActive: entitled, isDeleted: false, isAssigned: true, nextExpiryAt: null },
      link: {
        ...loaded.link,
        ...{ remoteId, accountState: state, applied, deleteAt: null, recreatedAt: null },
        ...{ observedVersion: null, unverified: false },
      },
      openRequest: null,
      hold: null,
    };
  }

  /** Nobody else's account may be touched: an account that the test user would match must be the drill's own. */
  async #look(isLost = false): Promise<StepResult> {
    const loaded = await this.#load(true);
    const { mapping, document } = this.#runtime;
    const values = mapping.evaluateSome(
      document.correlation.matchingAttributes,
      loaded.record,
      this.#runtime.evaluationContext(),
    );
    const found = await findOnce(this.#runtime, values, this.#patience());
    const { exchanges } = found;
    if (!found.ok)
      return { state: 'failed', message: found.error.message, exchanges, nextStep: 'Test the connection.' };
    const own = new Set(await listLeftovers(this.#ground.pool, this.#drill));
    const isOwn = (account: TargetAccount) => own.has(account.remoteId) || (isLost && this.#bearsId(account));
    const stranger = found.accounts.find((account) => !isOwn(account));
    if (stranger) {
      const message = `The account ${stranger.remoteId} matches the test user and was made by no drill`;
      return { state: 'failed', message, exchanges, nextStep: 'Take a test user whom nobody at the target resembles.' };
    }
    const [left] = found.accounts;
    if (!left) return { state: 'passed', message: 'No account of the test user exists', exchanges };
    this.#known = { remoteId: left.remoteId, state: left.active === false ? 'deactivated' : 'active', applied: {} };
    await noteAccount(this.#ground.pool, this.#drill.id, left.remoteId);
    return {
      state: 'passed',
      message: `The account ${left.remoteId} is left from an earlier drill, and is used again`,
      exchanges,
    };
  }

  #bearsId({ representation }: TargetAccount): boolean {
    return representation['externalId'] === this.#drill.userId;
  }

  async #change(step: 'create' | 'deactivate' | 'reactivate'): Promise<StepResult> {
    const entitled = step !== 'deactivate';
    const loaded = await this.#load(entitled);
    // The policy says what becomes of leavers; the drill tries what taking access away is made of.
    const deprovisioning = {
      ...this.#runtime.document.deprovisioning,
      'user deactivated': { action: 'deactivate' } as const,
    };
    return this.#perform(loaded, { deprovisioning });
  }

  async #perform(
    loaded: LoadedLink,
    { deprovisioning }: Pick<AppRuntime['document'], 'deprovisioning'>,
  ): Promise<StepResult> {
    const { app, document, mapping, version } = this.#runtime;
    const triggers = { create: true, update: true, deactivate: true, reactivate: true };
    const context = { document: { ...document, deprovisioning }, mapping, version, now: this.#ground.clock.now() };
    const plan = planLoaded(
      { ...context, app: { ...app, triggers }, evaluation: this.#runtime.evaluationContext() },
      loaded,
    );
    if (plan.kind !== 'change') {
      if (plan.kind === 'settled') return { state: 'skipped', message: 'The account is so already', exchanges: [] };
      const reason = plan.kind === 'waiting' || plan.kind === 'parked' ? plan.reason : undefined;
      const message = reason ? reason.message : `Nothing would be sent: ${plan.kind}`;
      return { state: 'failed', message, exchanges: [], ...(reason ? { nextStep: reason.nextStep } : {}) };
    }
    const done = await performOnce(this.#ground, this.#runtime, loaded, plan, this.#patience());
    const { exchanges } = done;
    if (!done.ok) return { ...describeError(done.error), state: 'failed', exchanges };
    const { performed } = done;
    if (performed.kind === 'applied' || performed.kind === 'already as desired') {
      const { remoteId, accountState, applied } = performed.after;
      this.#known = { remoteId, state: accountState, applied: applied ?? this.#known.applied };
      if (remoteId !== null) await noteAccount(this.#ground.pool, this.#drill.id, remoteId);
      return { state: 'passed', message: performed.message, exchanges };
    }
    if (performed.kind === 'parked') {
      const { message, nextStep, detail } = performed.reason;
      return { state: 'failed', message: detail ? `${message} (${detail})` : message, nextStep, exchanges };
    }
    return { state: 'failed', message: `Nothing was sent: ${performed.kind}`, exchanges };
  }

  /** Reads the account until it is as it should be, for as long as the target may take to show it. */
  async #verify(wanted: 'active' | 'deactivated' | 'gone'): Promise<StepResult> {
    const { clock } = this.#ground;
    const { remoteId, applied } = this.#known;
    // Gone by a deactivation: reading it by its old id would tell nothing.
    if (remoteId === null) {
      const isGone = wanted !== 'active';
      const message = isGone ? 'The account is gone from the target' : 'There is no account to read';
      return { state: isGone ? 'passed' : 'failed', message, exchanges: [] };
    }
    const exchanges: Exchange[] = [];
    const patience = this.#patience();
    const { visibilityDelayMs } = this.#runtime.document.correlation;
    const deadlineMs = clock.monotonicMs() + Math.max(LEAST_PATIENCE_MS, visibilityDelayMs);
    for (;;) {
      const read = await readOnce(this.#runtime, remoteId, patience);
      exchanges.push(...read.exchanges);
      if (!read.ok) return { ...describeError(read.error), state: 'failed', exchanges };
      const value = (account: TargetAccount, path: string) => readValue(this.#runtime, account, path, patience);
      const verdict = judgeAccount(read.account, wanted, applied, value);
      const isLate = clock.monotonicMs() >= deadlineMs || patience.aborted;
      if (verdict.ok || isLate) return { state: verdict.ok ? 'passed' : 'failed', ...verdict, exchanges };
      await clock.sleep(LOOK_AGAIN_MS, patience).catch(() => {});
    }
  }

  /** By the app's policy for users who are deleted; where that leaves accounts, the account ends deactivated. */
  async #cleanUp(): Promise<void> {
    if (this.#known.remoteId === null) return;
    const rule = this.#runtime.document.deprovisioning['user deleted'];
    const wantsDeletion = rule.action === 'delete' || rule.deleteAfterDays !== undefined;
    const deleted = wantsDeletion && (await this.#step('clean up', () => this.#remove('delete')));
    if (deleted) {
      await this.#step('verify cleaned up', () => this.#verify('gone'));
      if (!this.#failure) await noteAccount(this.#ground.pool, this.#drill.id, null);
      return;
    }
    if (await this.#step('clean up', () => this.#remove('deactivate'))) {
      await this.#step('verify cleaned up', () => this.#verify('deactivated'));
    }
  }

  async #remove(action: 'delete' | 'deactivate'): Promise<StepResult> {
    const loaded = await this.#load(false);
    const deprovisioning = { ...this.#runtime.document.deprovisioning, 'user deactivated': { action } };
    if (action === 'deactivate' && this.#known.state === 'deactivated') {
      return { state: 'skipped', message: 'The account is deactivated, and stays at the target so', exchanges: [] };
    }
    const result = await this.#perform(loaded, { deprovisioning });
    if (result.state === 'failed' || action === 'delete') return result;
    return { ...result, message: `${result.message}: it stays at the target so` };
  }
}

/** Reading a value of a representation is pure; a connection is only the way to the connector's code. */
function readValue(runtime: AppRuntime, account: TargetAccount, path: string, signal: AbortSignal) {
  const http = { request: () => Promise.reject(new Error('A value is read without a request')) };
  return runtime.connect(http, signal).accounts.read(account, path);
}

function describeError({ message, detail, kind }: { message: string; detail?: string | undefined; kind: string }) {
  const nextStep =
    kind === 'unsupported'
      ? 'Take another way in the connector options or the policy.'
      : 'Look at the exchanges of the step.';
  return { message: detail ? `${message} (${detail})` : message, nextStep };
}
