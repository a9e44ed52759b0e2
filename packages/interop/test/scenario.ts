import type { Sizes, Stage } from './stage.ts';

export interface Scenario {
  name: string;
  /** What holds afterwards, in one sentence. */
  promise: string;
  /** Which of the sizes it depends on. */
  sized?: keyof Sizes;
  /** Rejects with an assertion when the client falls short, and with a `ScimError` when the peer cannot do this. */
  run(stage: Stage): Promise<void>;
}
