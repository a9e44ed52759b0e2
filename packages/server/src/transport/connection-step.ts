/** One step of "Test connection", in the order they are tried. */
export interface ConnectionStep {
  readonly step: 'address' | 'connect' | 'tls' | 'http' | 'credential';
  readonly ok: boolean;
  /** What was found, in plain words. */
  readonly message: string;
  /** What to do; also with a step that passed, when something will need doing soon. */
  readonly fix?: string;
}
