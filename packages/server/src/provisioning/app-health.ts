import { type ConnectionReport, ConnectorError } from '@usher/connector-sdk';
import type { AppRuntime, Quarantine, QuarantineDetail } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import { ConnectorFaultError } from '../connector-host/index.ts';
import type { Pool } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { WorkResult } from './run-work.ts';
import { closeQuarantine, openQuarantine, postponeProbe, stopAppUntil } from './sql/app-health.ts';

/** So many calls in a row without one success mean the target, not the accounts. */
const FAILURES_BEFORE_QUARANTINE = 5;
const REFUSALS_BEFORE_QUARANTINE = 3;
const FIRST_PROBE_MS = 2_000;
const LONGEST_PROBE_MS = 300_000;
/** No pause is longer: one that seems to be was begun by a clock that was wrong. */
const LONGEST_PAUSE_MS = 2 * 3_600_000;

/**
 * Whether an app can be sent to: the target's own request to wait, and the quarantine that opens when the whole
 * target or the credential fails, probes with a harmless read, and closes by itself.
 */
export class AppHealth {
  readonly #ground: { pool: Pool; clock: Clock; log: Log };
  readonly #runtime: AppRuntime;
  readonly #wake: () => void;
  #stoppedUntil: Date | null;
  #quarantine: Quarantine | null;
  #failuresInRow = 0;
  #refusalsInRow = 0;
  #firstFailure: QuarantineDetail['firstFailure'];

  constructor(ground: { pool: Pool; clock: Clock; log: Log }, runtime: AppRuntime, wake: () => void) {
    this.#ground = ground;
    this.#runtime = runtime;
    this.#wake = wake;
    this.#stoppedUntil = runtime.app.stoppedUntil;
    this.#quarantine = runtime.app.quarantine;
  }

  /** Milliseconds in which nothing may be sent; 0 when work or a probe may begin. */
  pauseMs(): number {
    const now = this.#ground.clock.now().getTime();
    const until = this.#quarantine ? this.#quarantine.probeAt : this.#stoppedUntil;
    const ms = until ? until.getTime() - now : 0;
    return ms > LONGEST_PAUSE_MS ? 0 : Math.max(0, ms);
  }

  get mustProbe(): boolean {
    return this.#quarantine !== null;
  }

  /** The app's row changed: it is read again with the next runtime. */
  forget(): void {
    this.#stoppedUntil = null;
  }

  /** Takes note of how a call went. */
  async record(result: Extract<WorkResult, { kind: 'done' }>): Promise<void> {
    const { failure } = result;
    if (!failure) {
      this.#failuresInRow = 0;
      this.#refusalsInRow = 0;
      this.#firstFailure = undefined;
      return;
    }
    const { error, stop } = failure;
    this.#firstFailure ??= this.#toFailure(result);
    if (stop?.kind === 'rate limited') {
      const isNews = this.pauseMs() === 0;
      await this.#stopUntil(stop.until);
      // One that says 503 again after each pause that it asked for is down, and people shall hear of it.
      if (error.status === 503 && isNews) await this.#noteTargetFailure(error);
      return;
    }
    if (error.kind === 'unauthorized') {
      this.#refusalsInRow += 1;
      // 401 is said of the credential; 403 may be said of one account.
      if (error.status === 403 && this.#refusalsInRow < REFUSALS_BEFORE_QUARANTINE) return;
      return this.#open('credential', error, 'Renew the credential of the app: everything goes on by itself then');
    }
    if (error instanceof ConnectorFaultError) {
      return error.stopsApp ? this.#open('connector', error, error.nextStep) : undefined;
    }
    if (error.kind === 'transient' || error.kind === 'ambiguous') return this.#noteTargetFailure(error);
    this.#failuresInRow = 0;
  }

  async #noteTargetFailure(error: ConnectorError): Promise<void> {
    this.#failuresInRow += 1;
    if (this.#failuresInRow < FAILURES_BEFORE_QUARANTINE) return;
    await this.#open('target', error, 'Look whether the target is up: everything goes on by itself when it is back');
  }

  #toFailure({ outcome }: Extract<WorkResult, { kind: 'done' }>): QuarantineDetail['firstFailure'] {
    if (!outcome.request || !outcome.log) return undefined;
    const at = this.#ground.clock.now().toISOString();
    return { requestId: outcome.request.id, attempt: outcome.log.attempt, at };
  }

  async #stopUntil(until: Date): Promise<void> {
    if (this.#stoppedUntil && this.#stoppedUntil >= until) return;
    this.#stoppedUntil = until;
    await stopAppUntil(this.#ground.pool, this.#runtime.app.id, until);
  }

  async #open(cause: Quarantine['cause'], error: ConnectorError, nextStep: string): Promise<void> {
    if (this.#quarantine) return;
    const now = this.#ground.clock.now();
    const detail: QuarantineDetail = {
      message: error.message,
      nextStep,
      status: error.status,
      targetSaid: cause === 'connector' ? undefined : error.detail,
      firstFailure: this.#firstFailure,
    };
    const probeAt = new Date(now.getTime() + FIRST_PROBE_MS);
    this.#quarantine = { since: now, cause, detail, probeAt, probeAttempts: 0 };
    await openQuarantine(this.#ground.pool, this.#runtime.app.id, this.#quarantine);
    this.#ground.log.warn({ app: this.#runtime.app.name, cause, detail }, 'Quarantined the app: nothing is sent');
  }

  /** Asks the target something harmless; success ends the quarantine, failure doubles the pause. */
  async probe(): Promise<void> {
    if (!this.#quarantine) return;
    const { pool, clock, log } = this.#ground;
    const { app } = this.#runtime;
    const failure = await this.#findFailure();
    if (!failure) {
      await closeQuarantine(pool, app.id, clock.now());
      log.info({ app: app.name }, 'The quarantine is over: provisioning goes on');
      this.#quarantine = null;
      this.#failuresInRow = 0;
      this.#refusalsInRow = 0;
      this.#firstFailure = undefined;
      return this.#wake();
    }
    const probeAttempts = this.#quarantine.probeAttempts + 1;
    const pauseMs = Math.min(FIRST_PROBE_MS * 2 ** probeAttempts, LONGEST_PROBE_MS);
    const probeAt = new Date(clock.now().getTime() + pauseMs);
    this.#quarantine = { ...this.#quarantine, probeAt, probeAttempts };
    await postponeProbe(pool, app.id, probeAt, probeAttempts);
  }

  async #findFailure(): Promise<string | undefined> {
    const { transport } = this.#runtime;
    const signal = AbortSignal.timeout(30_000);
    try {
      const http = {
        request: (request: Parameters<typeof transport.request>[0]) => transport.request(request, { signal }),
      };
      const report: ConnectionReport = await this.#runtime.connect(http, signal).test();
      return report.steps.find((step) => !step.ok)?.message;
    } catch (error) {
      return error instanceof ConnectorError ? error.message : String(error);
    }
  }
}
