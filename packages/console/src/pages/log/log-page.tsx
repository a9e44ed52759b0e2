import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { logTexts as texts } from '../../texts/log.ts';
import { LogView } from './log-view.tsx';

const route = getRouteApi('/shell/log');

/** Every operation over all apps. */
export function LogPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <Page title={texts.title} lead={texts.lead}>
      <LogView search={search} onSearch={(next) => void navigate({ to: '/log', search: next, replace: true })} />
    </Page>
  );
}
