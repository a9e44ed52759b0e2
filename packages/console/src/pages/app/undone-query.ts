import { read } from '../../api/read.ts';

/** The triggers of an app, each with how much it left undone. */
export function switchesQuery(app: string) {
  return read('/api/v1/apps/{app}/switches', { params: { path: { app } } });
}
