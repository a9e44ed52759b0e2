import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { LogView } from './log-view.tsx';

const route = getRouteApi('/shell/apps/$app/log');

/** The log of one app. */
export function AppLog() {
  const { app } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <LogView
      app={app}
      search={search}
      onSearch={(next) => void navigate({ to: '/apps/$app/log', params: { app }, search: next, replace: true })}
    />
  );
}
