import { ConnectorError } from '@usher/connector-sdk';

/**
 * The connector's own code failed: it crashed, hung, flooded its host, or answered what no connector may. Neither target
 * nor credential is to blame. To the engine it is `transient` when nothing was written, else `ambiguous`.
 */
export class ConnectorFaultError extends ConnectorError {
  /** Not this one operation but the connector as a whole is broken: the app is to be quarantined. */
  readonly stopsApp: boolean;
  /** It was the only operation under way, so it is what brings the process down. */
  readonly isSole: boolean;
  /** What an operator does about it. */
  readonly nextStep: string;

  constructor(
    message: string,
    options: { wrote?: boolean; stopsApp?: boolean; isSole?: boolean; detail?: string | undefined } = {},
  ) {
    super(options.wrote ? 'ambiguous' : 'transient', message, { detail: options.detail });
    this.name = 'ConnectorFaultError';
    this.stopsApp = options.stopsApp ?? true;
    this.isSole = options.isSole ?? false;
    this.nextStep = 'Correct the connector or its options: everything goes on by itself when it works again';
  }
}
