import type fc from 'fast-check';

/** Something that holds whatever comes. */
export interface FuzzProperty {
  name: string;
  /** Tries it; `failed` with a counterexample, else not. */
  check(parameters: fc.Parameters<unknown>): Promise<{ failed: boolean }>;
}
