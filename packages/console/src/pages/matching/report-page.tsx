import { Button, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { downloadFile } from '../../parts/save-file.ts';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { number } from '../../texts/format.ts';
import { matchingTexts as texts } from '../../texts/matching.ts';
import classes from './matching.module.css';
import { ReportItems } from './report-items.tsx';

export type Report = Answer<'/api/v1/apps/{app}/matching-reports/{report}'>;

const route = getRouteApi('/shell/apps/$app/matching/$report');
const EVERY_MS = 1_500;
const WORKING = new Set(['waiting', 'reading', 'matching']);

/** One report: its classes, what must be looked at first, and every line. */
export function ReportPage() {
  const { app, report: id } = route.useParams();
  const report = useQuery({
    ...read('/api/v1/apps/{app}/matching-reports/{report}', { params: { path: { app, report: id } } }),
    refetchInterval: ({ state }) => (state.data && !WORKING.has(state.data.state) ? false : EVERY_MS),
  });
  return (
    <>
      <div>
        <Link to="/apps/$app/matching" params={{ app }}>
          {texts.all}
        </Link>
      </div>
      <Loaded query={report}>{(found) => <ReportView app={app} report={found} />}</Loaded>
    </>
  );
}

function ReportView({ app, report }: { app: string; report: Report }) {
  const working = WORKING.has(report.state);
  return (
    <>
      <Panel
        title={report.headline}
        beside={<StatePill family="report" state={report.state} />}
        actions={<ReportActs app={app} report={report} />}
      >
        <div className="stack">
          {working ? (
            <div>
              <Progress
                value={100}
                animated
                aria-label={texts.progress(report.progress.accounts, report.progress.users)}
              />
              <p className="dim" style={{ margin: '0.375rem 0 0' }} role="status">
                {texts.progress(report.progress.accounts, report.progress.users)}
              </p>
            </div>
          ) : null}
          {report.problem ? (
            <Notice tone="bad">
              <p>
                {report.problem}{' '}
                {report.retryAt ? (
                  <>
                    {texts.retryAt} <Time at={report.retryAt} focusable />.
                  </>
                ) : null}
              </p>
            </Notice>
          ) : null}
          {report.isCurrent || working ? null : <Notice tone="wait">{texts.notCurrent}</Notice>}
          {(report.leaversInside ?? 0) > 0 ? <Leavers app={app} report={report} /> : null}
          {report.byCategory ? <Categories app={app} report={report} /> : null}
          {report.linked === null ? null : (
            <p className="dim" style={{ margin: 0 }}>
              {texts.linked(report.linked)}
            </p>
          )}
        </div>
      </Panel>
      {report.byCategory ? <ReportItems app={app} report={report} /> : null}
    </>
  );
}

function Leavers({ app, report }: { app: string; report: Report }) {
  const navigate = useNavigate();
  return (
    <Notice
      tone="bad"
      title={texts.leavers(report.leaversInside ?? 0)}
      actions={
        <Button
          size="xs"
          onClick={() =>
            void navigate({
              to: '/apps/$app/matching/$report',
              params: { app, report: report.id },
              search: { standing: 'inactive', active: 'true' },
            })
          }
        >
          {texts.leaversShow}
        </Button>
      }
    />
  );
}

function Categories({ app, report }: { app: string; report: Report }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const counts = report.byCategory ?? {};
  return (
    <ul className={classes['categories']}>
      {Object.keys(texts.categories).map((name) => {
        const category = name as keyof NonNullable<Report['byCategory']> & 'matched';
        const here = search.category === category;
        return (
          <li key={category}>
            <button
              type="button"
              className={classes['category']}
              aria-pressed={here}
              data-here={here || undefined}
              onClick={() =>
                void navigate({
                  to: '/apps/$app/matching/$report',
                  params: { app, report: report.id },
                  search: here ? {} : { category },
                  replace: true,
                })
              }
            >
              <span className={classes['figure']}>{number(counts[category] ?? 0)}</span>
              <strong>{texts.categories[category]}</strong>
              <span className="dim">{texts.hints[category]}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function ReportActs({ app, report }: { app: string; report: Report }) {
  const { can } = useSession();
  const path = { params: { path: { app, report: report.id } } };
  const options = { refresh: ['/api/v1/apps'] };
  const cancel = useAct(async () => api.POST('/api/v1/apps/{app}/matching-reports/{report}/cancel', path), {
    ...options,
    done: () => texts.cancelled,
  });
  const resume = useAct(async () => api.POST('/api/v1/apps/{app}/matching-reports/{report}/resume', path), {
    ...options,
    done: () => texts.resumed,
  });
  const save = (format: 'csv' | 'ndjson') => {
    const url = `/api/v1/apps/${encodeURIComponent(app)}/matching-reports/${report.id}/export?format=${format}`;
    downloadFile(url, `matching.${format}`);
  };
  return (
    <>
      {report.byCategory ? <ExportMenu lines="ndjson" onExport={save} /> : null}
      {can('provisioning:write') && WORKING.has(report.state) ? (
        <Button size="xs" onClick={() => void cancel.run(undefined)} loading={cancel.busy}>
          {texts.cancel}
        </Button>
      ) : null}
      {can('provisioning:write') && (report.state === 'failed' || report.state === 'cancelled') ? (
        <Button size="xs" onClick={() => void resume.run(undefined)} loading={resume.busy}>
          {texts.resume}
        </Button>
      ) : null}
    </>
  );
}
