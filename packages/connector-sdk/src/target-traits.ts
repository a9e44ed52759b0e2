/** What deactivating or deleting an account really does at a target; shown before it is enabled. */
export interface DeprovisioningEffect {
  effect: 'deactivates' | 'deletes' | 'suspends' | 'unlinks' | 'refused' | 'unknown';
  /** One sentence for an administrator. */
  note: string;
  /** How it is known; absent: not said. */
  basis?: 'documented' | 'reported' | 'assumed' | undefined;
  /** Where it can be read. */
  source?: string | undefined;
}

/**
 * How a target behaves, as far as its connector knows, whatever the operation: the engine paces itself by it and the
 * console shows it. Facts from documentation, never measured here.
 */
export interface TargetTraits {
  /** How long a written account may stay invisible to `find`. */
  visibilityDelayMs: number;
  /** Whether the target refuses a second account with the same value; a timed-out create is repeated only with `yes`. */
  uniqueness: { enforced: 'yes' | 'no' | 'unknown'; attributes: readonly string[] };
  /** The attribute paths by which the target itself can be searched; `find` by any other reads the whole list. Absent: not known. */
  searchable?: 'any' | readonly string[] | undefined;
  deactivate: DeprovisioningEffect;
  delete: DeprovisioningEffect;
  rateLimits: readonly { counts: string; requests: number; perSeconds: number; burst?: number }[];
  /** Days after which the target's credentials die by themselves; `undefined` when nothing is documented. */
  credentialLifetimeDays: number | undefined;
  /** Sentences an administrator should read before connecting. */
  notes: readonly string[];
  /** How what is said here is known; absent: not said. */
  basis?: 'standard' | 'documented' | 'reported' | 'measured' | 'assumed' | undefined;
  /** Where the knowledge comes from. */
  sources: readonly string[];
}
