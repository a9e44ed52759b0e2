import { lazy, Suspense } from 'react';
import type { Finding } from './speak.ts';

// The names of all fields are many, and come when there is something to say.
const Spoken = lazy(() => import('./spoken.tsx').then(({ SpokenFindings: spoken }) => ({ default: spoken })));
const Prefixed = lazy(() => import('./spoken.tsx').then(({ SpokenText: spoken }) => ({ default: spoken })));

/** Problems or warnings of the server, in the words of the console. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <Suspense fallback={null}>
      <Spoken findings={findings} />
    </Suspense>
  );
}

/** A sentence of the server that may begin with the path of a field: "mapping[3].formula: Nme is not a field". */
export function Told({ text }: { text: string }) {
  return (
    <Suspense fallback={text}>
      <Prefixed text={text} />
    </Suspense>
  );
}
