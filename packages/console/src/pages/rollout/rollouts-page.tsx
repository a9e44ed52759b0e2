import { Modal } from '@mantine/core';
import { IconStairsUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Empty } from '../../parts/empty.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { rolloutTexts as texts } from '../../texts/rollout.ts';
import { useApp } from '../app/use-app.ts';
import { rolloutsQuery } from './rollout-queries.ts';

const RolloutForm = lazy(() => import('./rollout-form.tsx').then(({ RolloutForm: form }) => ({ default: form })));
const route = getRouteApi('/shell/apps/$app/rollouts');
const EVERY_MS = 5_000;

/** The rollouts of an app, and the planning of another. */
export function RolloutsPage() {
  const app = useApp();
  const { can } = useSession();
  const { plan } = route.useSearch();
  const navigate = useNavigate();
  const rollouts = useQuery({ ...rolloutsQuery(app.name), refetchInterval: EVERY_MS });
  const close = () =>
    void navigate({ to: '/apps/$app/rollouts', params: { app: app.name }, search: {}, replace: true });
  return (
    <>
      <Panel
        title={texts.title}
        beside={<span className="dim">{texts.lead}</span>}
        actions={
          can('apps:write') ? (
            <LinkButton
              to="/apps/$app/rollouts"
              params={{ app: app.name }}
              search={{ plan: 'new' }}
              size="xs"
              variant="filled"
            >
              {texts.make}
            </LinkButton>
          ) : undefined
        }
        flush
      >
        <Loaded query={rollouts}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={IconStairsUp} title={texts.none}>
                {texts.noneBody}
              </Empty>
            ) : (
              <SimpleTable
                label={texts.title}
                head={Object.values(texts.columns)}
                keys={items.map(({ id }) => String(id))}
                rows={items.map((rollout) => [
                  <Link
                    key="version"
                    to="/apps/$app/rollouts/$rollout"
                    params={{ app: app.name, rollout: String(rollout.id) }}
                  >
                    {texts.version(rollout.version)}
                  </Link>,
                  <StatePill key="state" family="rollout" state={rollout.state} />,
                  rollout.withoutRollout !== null
                    ? texts.atOnce
                    : (rollout.stages[rollout.stage]?.name ?? texts.notBegun),
                  <span key="made">
                    <Time at={rollout.createdAt} /> {texts.by(rollout.createdBy)}
                  </span>,
                  <span key="changed">
                    <Time at={rollout.changedAt} /> {texts.by(rollout.changedBy)}
                  </span>,
                ])}
              />
            )
          }
        </Loaded>
      </Panel>
      <Modal
        opened={plan === 'new'}
        onClose={close}
        title={texts.form.title}
        size="lg"
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {plan === 'new' ? (
          <Suspense fallback={<Lines count={8} />}>
            <RolloutForm
              app={app}
              onPlanned={(id) =>
                void navigate({ to: '/apps/$app/rollouts/$rollout', params: { app: app.name, rollout: String(id) } })
              }
            />
          </Suspense>
        ) : null}
      </Modal>
    </>
  );
}
