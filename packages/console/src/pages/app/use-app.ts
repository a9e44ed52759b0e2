import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Tagged } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';

export type App = Tagged<Answer<'/api/v1/apps/{app}'>>;

const route = getRouteApi('/shell/apps/$app');
const EVERY_MS = 4_000;

export function appQuery(app: string) {
  return { ...read('/api/v1/apps/{app}', { params: { path: { app } } }), refetchInterval: EVERY_MS };
}

/** The app of the page; the frame around it has read it already. */
export function useApp(): App {
  const { app } = route.useParams();
  return useSuspenseQuery(appQuery(app)).data;
}

/** What a change of the app sends: its name, and the ETag that the person saw. */
export function changeOf(app: App) {
  return { params: { path: { app: app.name }, header: { 'If-Match': app.etag ?? '*' } } };
}
