import type { ProofState, Rollback } from './sql/rollbacks.ts';

/** Nothing is wrong with these: as before, departed and deactivated as they should be, or without an account. */
const IN_ORDER: readonly ProofState[] = ['as before', 'left', 'no account'];

/** Whether a way back is proved from the target, and what a person is told of it. Pure. */
export function judgeProof({ state, counts, toVersion }: Pick<Rollback, 'state' | 'counts' | 'toVersion'>): {
  isProved: boolean;
  sentence: string;
} {
  const entries = Object.entries(counts) as [ProofState, number][];
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const accounts = total === 1 ? 'account' : 'accounts';
  if (state !== 'done') {
    const read = total - (counts.healing ?? 0);
    return { isProved: false, sentence: `${read} of ${total} ${accounts} are written back and read at the target` };
  }
  const good = entries.filter(([name]) => IN_ORDER.includes(name)).reduce((sum, [, count]) => sum + count, 0);
  if (toVersion === null) {
    return { isProved: good === total, sentence: `Nobody was served before: ${total} ${accounts} stay as they are` };
  }
  const wrong = entries.filter(([name]) => !IN_ORDER.includes(name)).map(([name, count]) => `${count} ${name}`);
  const all = `${good} of ${total} ${accounts} were read at the target and are what version ${toVersion} says`;
  return { isProved: good === total, sentence: wrong.length === 0 ? all : `${all}; ${wrong.join(', ')}` };
}
