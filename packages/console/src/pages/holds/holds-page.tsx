import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { holdTexts as texts } from '../../texts/holds.ts';
import { HoldTabs } from './hold-tabs.tsx';
import { HoldsView } from './holds-view.tsx';

const route = getRouteApi('/shell/holds');

export function HoldsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <Page title={texts.title} lead={texts.lead}>
      <HoldTabs />
      <HoldsView search={search} onSearch={(next) => void navigate({ to: '/holds', search: next, replace: true })} />
    </Page>
  );
}
