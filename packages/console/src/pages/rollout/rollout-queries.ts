import type { Tagged } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';

export type Rollout = Tagged<Answer<'/api/v1/apps/{app}/rollouts/{rollout}'>>;

export function rolloutsQuery(app: string) {
  return read('/api/v1/apps/{app}/rollouts', { params: { path: { app } } });
}

export function rolloutQuery(app: string, rollout: number) {
  return read('/api/v1/apps/{app}/rollouts/{rollout}', { params: { path: { app, rollout } } });
}
