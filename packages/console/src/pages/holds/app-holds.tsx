import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { HoldsView } from './holds-view.tsx';

const route = getRouteApi('/shell/apps/$app/holds');

export function AppHolds() {
  const { app } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <HoldsView
      app={app}
      search={search}
      onSearch={(next) => void navigate({ to: '/apps/$app/holds', params: { app }, search: next, replace: true })}
    />
  );
}
