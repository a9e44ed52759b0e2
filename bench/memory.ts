import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';

/** Peak resident set of an engine process that converges so many links. */
function peakMiB(links: number, called: number): Promise<number> {
  const child = fork(fileURLToPath(new URL('./converge.ts', import.meta.url)), [String(links), String(called)], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { peakMiB: number }).peakMiB));
    child.once('exit', (code) => reject(new Error(`Converging ${links} links ended with ${code}`)));
  });
}

/** `called` of the many need a call to the target; the rest are as desired, which only looking at them tells. */
export async function benchMemory(few: number, many: number, called: number): Promise<Figure[]> {
  const small = await peakMiB(few, few);
  const large = await peakMiB(many, called);
  return [
    { name: `memory converging ${few} links`, value: small, unit: 'MiB' },
    { name: `memory converging ${many} links, ${called} by a call`, value: large, unit: 'MiB' },
    { name: 'memory growth', value: large - small, unit: 'MiB', goal: '< 64' },
  ];
}
