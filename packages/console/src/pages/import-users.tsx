import { Button, Select, Switch } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ChangeEvent, useRef, useState } from 'react';
import { sendRaw } from '../api/api.ts';
import type { components } from '../api/generated/openapi.ts';
import { Facts } from '../parts/facts.tsx';
import { Failure } from '../parts/failure.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { NumberField } from '../parts/number-field.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { SimpleTable } from '../parts/simple-table.tsx';
import { useAct } from '../parts/use-act.ts';
import { number } from '../texts/format.ts';
import { importTexts as texts } from '../texts/import.ts';
import { usersTexts } from '../texts/users.ts';
import classes from './import-users.module.css';

type Report = components['schemas']['ImportReport'];
type Mode = 'all-or-nothing' | 'skip-bad-rows';

interface Choice {
  file: File | undefined;
  key: string;
  mode: Mode;
  snapshot: boolean;
}

/** A CSV file: looked at first, with everything that it would do, then imported. */
export function ImportUsersPage() {
  const [choice, setChoice] = useState<Choice>({
    file: undefined,
    key: 'Username',
    mode: 'all-or-nothing',
    snapshot: false,
  });
  const [report, setReport] = useState<Report>();
  const [failure, setFailure] = useState<unknown>();
  const [allowed, setAllowed] = useState<number>();
  const run = useAct(
    async (dryRun: boolean) =>
      (await sendRaw(pathOf(choice, dryRun, report, allowed), requestOf(choice.file))) as Report,
    {
      done: (result) => (result.applied ? texts.imported : undefined),
      after: setReport,
      failed: setFailure,
    },
  );
  const start = (dryRun: boolean) => {
    setFailure(undefined);
    void run.run(dryRun);
  };
  const change = (part: Partial<Choice>) => {
    setChoice({ ...choice, ...part });
    setReport(undefined);
    setFailure(undefined);
  };
  return (
    <Page title={texts.title} lead={texts.lead} above={<Link to="/users">{usersTexts.title}</Link>}>
      <Panel>
        <div className="stack">
          <FilePick file={choice.file} onPick={(file) => change({ file })} />
          <div className={classes['options']}>
            <Select
              label={texts.key}
              data={['Username', 'FederationIdentifier', 'EmployeeNumber']}
              value={choice.key}
              onChange={(key) => change({ key: key ?? 'Username' })}
              allowDeselect={false}
            />
            <Select
              label={texts.mode}
              data={Object.entries(texts.modes).map(([value, label]) => ({ value, label }))}
              value={choice.mode}
              onChange={(mode) => change({ mode: mode as Mode })}
              allowDeselect={false}
            />
            <Switch
              label={texts.snapshot}
              description={texts.snapshotHint}
              checked={choice.snapshot}
              onChange={(event) => change({ snapshot: event.currentTarget.checked })}
            />
          </div>
          <div className="row">
            <Button
              variant={report ? 'default' : 'filled'}
              disabled={!choice.file}
              loading={run.busy && !report}
              onClick={() => start(true)}
            >
              {texts.look}
            </Button>
          </div>
        </div>
      </Panel>
      {failure === undefined ? null : <Failure error={failure} />}
      {report ? (
        <ReportView
          report={report}
          busy={run.busy}
          allowed={allowed}
          onAllow={setAllowed}
          onImport={() => start(false)}
        />
      ) : null}
    </Page>
  );
}

function pathOf(
  { key, mode, snapshot }: Choice,
  dryRun: boolean,
  report: Report | undefined,
  allowed: number | undefined,
): string {
  const query = new URLSearchParams({ key, mode, dryRun: String(dryRun), snapshot: String(snapshot) });
  if (snapshot && !dryRun && report?.leavers) {
    query.set('snapshotToken', report.leavers.snapshotToken);
    if (allowed !== undefined) query.set('allowLeavers', String(allowed));
  }
  return `/api/v1/users/import?${query}`;
}

function requestOf(file: File | undefined): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'text/csv' }, body: file ?? '' };
}

function FilePick({ file, onPick }: { file: File | undefined; onPick: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const pick = (event: ChangeEvent<HTMLInputElement>) => {
    const picked = event.currentTarget.files?.[0];
    if (picked) onPick(picked);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is beside the button, which does the same
    <div
      className={classes['drop']}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const dropped = event.dataTransfer.files[0];
        if (dropped) onPick(dropped);
      }}
    >
      <Button leftSection={<IconFileImport size={16} />} onClick={() => input.current?.click()}>
        {texts.filePick}
      </Button>
      <span className="dim break">
        {file ? texts.chosen(file.name, Math.max(1, Math.round(file.size / 1024))) : texts.fileDrop}
      </span>
      <input ref={input} type="file" accept=".csv,text/csv" hidden onChange={pick} aria-label={texts.file} />
    </div>
  );
}

interface ReportViewProps {
  report: Report;
  busy: boolean;
  allowed: number | undefined;
  onAllow: (count: number | undefined) => void;
  onImport: () => void;
}

function ReportView({ report, busy, allowed, onAllow, onImport }: ReportViewProps) {
  const { leavers } = report;
  const tooMany = leavers !== null && leavers.count > leavers.limit;
  const leaving = leavers?.count ?? 0;
  const changes = report.created + report.updated;
  const blocked = report.problemCount > 0 && report.mode === 'all-or-nothing';
  return (
    <>
      <Panel title={report.applied ? texts.done : texts.result}>
        <div className="stack">
          <Facts
            wide
            facts={[
              [texts.rows, number(report.rows)],
              [texts.created, number(report.created)],
              [texts.updated, number(report.updated)],
              [texts.unchanged, number(report.unchanged)],
              [texts.deactivated, number(report.deactivated)],
              [texts.reactivated, number(report.reactivated)],
              leavers ? [texts.left, number(report.left || leavers.count)] : undefined,
              [texts.bad, number(report.bad)],
            ]}
          />
          {tooMany && !report.applied ? (
            <Notice tone="bad" title={texts.tooManyLeavers(leavers.count, leavers.limit)}>
              <NumberField
                label={texts.allowLeavers}
                value={allowed ?? ''}
                min={0}
                onChange={(value) => onAllow(value === '' ? undefined : Number(value))}
              />
            </Notice>
          ) : null}
          {blocked ? <Notice tone="bad">{texts.needsMending}</Notice> : null}
          {report.applied ? (
            <div className="row">
              <LinkButton to="/users" variant="filled">
                {texts.toUsers}
              </LinkButton>
            </div>
          ) : changes + leaving === 0 ? (
            <span className="dim">{texts.nothing}</span>
          ) : (
            <div className="row">
              <Button
                variant="filled"
                color={leaving > 0 ? 'red.8' : 'brand'}
                loading={busy}
                disabled={blocked || (tooMany && (allowed ?? 0) < leavers.count)}
                onClick={onImport}
              >
                {texts.verb(report.created, report.updated, leaving)}
              </Button>
            </div>
          )}
        </div>
      </Panel>
      {report.problems.length > 0 ? (
        <Panel title={texts.problems(report.problemCount)} flush>
          <SimpleTable
            label={texts.problems(report.problemCount)}
            head={Object.values(texts.problemColumns)}
            rows={report.problems
              .slice(0, 200)
              .map(({ line, column, problem, fix }) => [number(line), column ?? '', problem, fix])}
          />
        </Panel>
      ) : null}
      {leavers && leavers.users.length > 0 ? (
        <Panel title={texts.leavers}>
          <p className={classes['names']}>{leavers.users.map(({ Username }) => Username).join(', ')}</p>
        </Panel>
      ) : null}
      {report.changes.length > 0 ? (
        <Panel title={texts.changes} flush>
          <SimpleTable
            label={texts.changes}
            head={Object.values(texts.changeColumns)}
            rows={report.changes
              .slice(0, 200)
              .map(({ line, Username, outcome, fields }) => [
                number(line),
                Username,
                texts.outcomes[outcome],
                fields.join(', '),
              ])}
          />
        </Panel>
      ) : null}
    </>
  );
}
