import { Button } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { planTexts as texts } from '../../texts/mapping.ts';
import { useApp } from '../app/use-app.ts';

const EVERY_MS = 5_000;

/** The plans that are kept of an app. */
export function PlansPage() {
  const app = useApp();
  const { can } = useSession();
  const navigate = useNavigate();
  const plans = useQuery({
    ...read('/api/v1/apps/{app}/plans', { params: { path: { app: app.name } } }),
    refetchInterval: EVERY_MS,
  });
  const make = useAct(
    async () => (await api.POST('/api/v1/apps/{app}/plans', { params: { path: { app: app.name } }, body: {} })).data,
    {
      done: () => texts.made,
      after: (plan) =>
        plan && void navigate({ to: '/apps/$app/plans/$plan', params: { app: app.name, plan: plan.id } }),
    },
  );
  const button = can('apps:write') ? (
    <Button
      size="xs"
      variant="filled"
      onClick={() => void make.run(undefined)}
      loading={make.busy}
      disabled={app.activeVersion === null}
    >
      {texts.make}
    </Button>
  ) : undefined;
  return (
    <Panel title={texts.title} beside={<span className="dim">{texts.lead}</span>} actions={button} flush>
      <Loaded query={plans}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconListCheck} title={texts.none}>
              {texts.noneBody}
            </Empty>
          ) : (
            <SimpleTable
              label={texts.title}
              head={Object.values(texts.columns)}
              keys={items.map(({ id }) => id)}
              rows={items.map((plan) => [
                <Time key="at" at={plan.createdAt} />,
                <Link key="link" to="/apps/$app/plans/$plan" params={{ app: app.name, plan: plan.id }}>
                  {plan.headline}
                </Link>,
                <StatePill key="state" family="plan" state={plan.state} />,
                plan.createdBy,
                plan.version ?? texts.unsaved,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
