import { Button } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { Empty } from '../../parts/empty.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { matchingTexts as texts } from '../../texts/matching.ts';
import { type App, useApp } from '../app/use-app.ts';
import { DecisionRules } from './decision-rules.tsx';
import classes from './matching.module.css';
import { MatchingAttributes } from './matching-attributes.tsx';

const EVERY_MS = 3_000;

/** How accounts are found, what is decided of them without a person, and the reports that are kept. */
export function ReportsPage() {
  const app = useApp();
  const reports = useQuery({
    ...read('/api/v1/apps/{app}/matching-reports', { params: { path: { app: app.name } } }),
    refetchInterval: EVERY_MS,
  });
  const latest = reports.data?.items.find(({ state }) => state === 'ready');
  return (
    <>
      <Reports app={app} reports={reports} />
      <div className={classes['columns']}>
        <MatchingAttributes app={app} />
        <DecisionRules app={app} report={latest?.id} />
      </div>
    </>
  );
}

type ReportsQuery = Parameters<typeof Loaded<Answer<'/api/v1/apps/{app}/matching-reports'>>>[0]['query'];

function Reports({ app, reports }: { app: App; reports: ReportsQuery }) {
  return (
    <Panel
      title={texts.title}
      beside={<span className="dim">{texts.lead}</span>}
      actions={<MakeReport app={app} />}
      flush
    >
      <Loaded query={reports}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconUserSearch} title={texts.none}>
              {texts.noneBody}
            </Empty>
          ) : (
            <SimpleTable
              label={texts.title}
              head={Object.values(texts.columns)}
              keys={items.map(({ id }) => id)}
              rows={items.map((report) => [
                <Time key="at" at={report.createdAt} />,
                <Link
                  key="link"
                  to="/apps/$app/matching/$report"
                  params={{ app: app.name, report: report.id }}
                  search={{}}
                >
                  {report.headline}
                </Link>,
                <StatePill key="state" family="report" state={report.state} />,
                report.createdBy,
                report.version,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function MakeReport({ app }: { app: App }) {
  const { can } = useSession();
  const navigate = useNavigate();
  const newest = useQuery(read('/api/v1/apps/{app}/configurations', { params: { path: { app: app.name } } }));
  // A draft has no version in force: the newest is what will be.
  const version = app.activeVersion ?? newest.data?.items[0]?.version;
  const make = useAct(
    async () => {
      const { data } = await api.POST('/api/v1/apps/{app}/matching-reports', {
        params: { path: { app: app.name } },
        body: version === undefined ? {} : { version },
      });
      return data?.id;
    },
    {
      done: () => texts.made,
      refresh: ['/api/v1/apps'],
      after: (report) =>
        report && void navigate({ to: '/apps/$app/matching/$report', params: { app: app.name, report }, search: {} }),
    },
  );
  if (!can('provisioning:write') || newest.isPending) return null;
  if (version === undefined) {
    return (
      <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: 'mapping' }} size="xs">
        {texts.needsMapping}
      </LinkButton>
    );
  }
  return (
    <Button size="xs" variant="filled" onClick={() => void make.run(undefined)} loading={make.busy}>
      {texts.make}
    </Button>
  );
}
