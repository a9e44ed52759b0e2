import { ActionIcon, Button, Checkbox, MultiSelect, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Answer, read } from '../../api/read.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { guardTexts as texts } from '../../texts/guards.ts';
import { guardText } from '../../texts/holds.ts';
import { operations } from '../../texts/states.ts';
import { PilotUsers } from '../rollout/pilot-users.tsx';
import classes from './app-settings.module.css';
import type { App } from './use-app.ts';

type Guards = Tagged<Answer<'/api/v1/apps/{app}/guards'>>;
type Threshold = Guards['thresholds'][number];
type Approval = Guards['approvals'][number];
type Operation = Approval['operation'];
const OPERATIONS: readonly Operation[] = ['create', 'update', 'deactivate', 'reactivate', 'delete'];

/** What stops changes of an app before they are sent. */
export function GuardsPanel({ app }: { app: App }) {
  const guards = useQuery(read('/api/v1/apps/{app}/guards', { params: { path: { app: app.name } } }));
  return (
    <Panel title={texts.title}>
      <Loaded query={guards} skeleton={<Lines count={6} />}>
        {(found) => <GuardsForm key={found.changed?.at ?? 'defaults'} app={app} guards={found} />}
      </Loaded>
    </Panel>
  );
}

interface Draft {
  deactivation: { count: number; percent: number };
  slowBleed: Guards['slowBleed'];
  thresholds: Threshold[];
  users: string[];
  profiles: string[];
  permissionSets: string[];
  approvals: Approval[];
}

function draftOf({ deactivation, slowBleed, thresholds, protectedUsers, approvals }: Guards): Draft {
  const names = (entities: readonly { name: string }[]) => entities.map(({ name }) => name);
  return {
    deactivation,
    slowBleed,
    thresholds: [...thresholds],
    users: names(protectedUsers.users),
    profiles: names(protectedUsers.profiles),
    permissionSets: names(protectedUsers.permissionSets),
    approvals: [...approvals],
  };
}

function GuardsForm({ app, guards }: { app: App; guards: Guards }) {
  const { can } = useSession();
  const [draft, setDraft] = useState(() => draftOf(guards));
  const [failure, setFailure] = useState<unknown>();
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const save = useAct(
    async () => {
      const { users, profiles, permissionSets, ...rest } = draft;
      await api.PUT('/api/v1/apps/{app}/guards', {
        params: { path: { app: app.name }, header: { 'If-Match': guards.etag ?? '*' } },
        body: { ...rest, protectedUsers: { users, profiles, permissionSets } },
      });
    },
    { done: () => texts.saved, failed: setFailure, refresh: ['/api/v1/apps', '/api/v1/holds'] },
  );
  const may = can('apps:write');
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(guards));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <p className="dim" style={{ margin: 0 }}>
        {texts.lead}
      </p>
      <Usage guards={guards} />
      <fieldset disabled={!may} className={classes['fields']}>
        <Limits draft={draft} onChange={set} />
        <Thresholds thresholds={draft.thresholds} may={may} onChange={(thresholds) => set({ thresholds })} />
        <Protected draft={draft} may={may} onChange={set} />
        <Approvals approvals={draft.approvals} may={may} onChange={(approvals) => set({ approvals })} />
      </fieldset>
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          {isApiError(failure) ? <FailureText error={failure} /> : <p>{String(failure)}</p>}
        </Notice>
      )}
      <div className="row">
        <span className="grow dim">
          {guards.changed ? (
            <>
              {texts.changed} <Time at={guards.changed.at} /> {texts.by(guards.changed.by)}
            </>
          ) : (
            texts.defaults
          )}
        </span>
        {may ? (
          <Button type="submit" variant="filled" disabled={!changed} loading={save.busy}>
            {texts.save}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

function Usage({ guards: { usage } }: { guards: Guards }) {
  if (usage.length === 0) return null;
  return (
    <SimpleTable
      label={texts.usage}
      head={Object.values(texts.usageColumns)}
      ends={[3]}
      keys={usage.map(({ guard, budget }) => `${guard} ${budget}`)}
      rows={usage.map(({ guard, budget, during, used, limit }) => [
        guardText(guard),
        budget,
        during,
        <strong key="used" className="nowrap" style={used >= limit ? { color: 'var(--u-bad)' } : undefined}>
          {texts.of(used, limit)}
        </strong>,
      ])}
    />
  );
}

interface CountInputsProps {
  value: { count: number; percent: number };
  onChange: (value: { count: number; percent: number }) => void;
}

function CountInputs({ value, onChange }: CountInputsProps) {
  return (
    <>
      <NumberField
        label={texts.count}
        value={value.count}
        onChange={(count) => onChange({ ...value, count: Number(count) })}
        min={0}
        max={1_000_000}
      />
      <NumberField
        label={texts.percent}
        value={value.percent}
        onChange={(percent) => onChange({ ...value, percent: Number(percent) })}
        min={0}
        max={100}
      />
    </>
  );
}

const SLOW = { hours: 168, count: 30, percent: 10 };

interface PartProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

function Limits({ draft: { deactivation, slowBleed }, onChange }: PartProps) {
  return (
    <>
      <section>
        <h3>{texts.deactivation}</h3>
        <div className={classes['pair']}>
          <CountInputs value={deactivation} onChange={(value) => onChange({ deactivation: value })} />
        </div>
        <p className="dim" style={{ margin: '0.25rem 0 0' }}>
          {texts.larger}
        </p>
      </section>
      <section>
        <h3>{texts.slowBleed}</h3>
        <Switch
          label={texts.slowBleedOn}
          description={texts.slowBleedLead}
          checked={slowBleed !== null}
          onChange={(event) => onChange({ slowBleed: event.currentTarget.checked ? SLOW : null })}
        />
        {slowBleed ? (
          <div className={classes['pair']} style={{ marginTop: '0.5rem' }}>
            <NumberField
              label={texts.hours}
              value={slowBleed.hours}
              onChange={(hours) => onChange({ slowBleed: { ...slowBleed, hours: Number(hours) } })}
              min={2}
              max={720}
            />
            <CountInputs value={slowBleed} onChange={(value) => onChange({ slowBleed: { ...slowBleed, ...value } })} />
          </div>
        ) : null}
      </section>
    </>
  );
}

interface ThresholdsProps {
  thresholds: readonly Threshold[];
  may: boolean;
  onChange: (thresholds: Threshold[]) => void;
}

function Thresholds({ thresholds, may, onChange }: ThresholdsProps) {
  const set = (at: number, part: Partial<Threshold>) =>
    onChange(thresholds.map((one, index) => (index === at ? clean({ ...one, ...part }) : one)));
  return (
    <section>
      <h3>{texts.thresholds}</h3>
      <p className="dim">{thresholds.length === 0 ? texts.thresholdsNone : texts.attributeHint}</p>
      {thresholds.map((threshold, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names are being typed, and the order stays
        <div key={at} className={classes['threshold']}>
          <div className={classes['pair']}>
            <TextInput
              label={texts.name}
              value={threshold.name}
              onChange={(event) => set(at, { name: event.currentTarget.value })}
              required
            />
            <Select
              label={texts.operation}
              data={[
                { value: '', label: texts.anyOperation },
                ...OPERATIONS.map((value) => ({ value, label: operations[value] ?? value })),
              ]}
              value={threshold.operation ?? ''}
              onChange={(value) => set(at, { operation: (value || undefined) as Operation | undefined } as never)}
              allowDeselect={false}
            />
            <TextInput
              label={texts.attribute}
              placeholder={texts.attributeBlank}
              value={threshold.attribute ?? ''}
              onChange={(event) => set(at, { attribute: event.currentTarget.value })}
            />
            <NumberField
              label={texts.minutes}
              value={threshold.windowMinutes}
              onChange={(windowMinutes) => set(at, { windowMinutes: Number(windowMinutes) })}
              min={1}
              max={43_200}
            />
            <CountInputs value={threshold} onChange={(value) => set(at, value)} />
          </div>
          <div className="row" style={{ marginTop: '0.5rem' }}>
            <Checkbox
              className="grow"
              size="xs"
              label={texts.clears}
              checked={threshold.clears ?? false}
              disabled={!threshold.attribute}
              onChange={(event) => set(at, { clears: event.currentTarget.checked })}
            />
            {may ? (
              <ActionIcon
                aria-label={texts.remove(threshold.name)}
                onClick={() => onChange(thresholds.filter((_one, index) => index !== at))}
              >
                <IconX size={16} />
              </ActionIcon>
            ) : null}
          </div>
        </div>
      ))}
      {may ? (
        <Button
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...thresholds, { name: '', windowMinutes: 60, count: 10, percent: 5 }])}
        >
          {texts.add}
        </Button>
      ) : null}
    </section>
  );
}

/** A blank is what is left out. */
function clean(threshold: Threshold): Threshold {
  const given = Object.entries(threshold).filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return { ...(Object.fromEntries(given) as Threshold), name: threshold.name };
}

function Protected({ draft, may, onChange }: PartProps & { may: boolean }) {
  const sets = useNames('/api/v1/permission-sets');
  const profiles = useNames('/api/v1/profiles');
  return (
    <section>
      <h3>{texts.protected}</h3>
      <div className={classes['fields']}>
        <p className="dim" style={{ margin: 0 }}>
          {texts.protectedLead}
        </p>
        {may ? (
          <PilotUsers label={texts.protectedUsers} users={draft.users} onChange={(users) => onChange({ users })} />
        ) : (
          <p style={{ margin: 0 }}>{draft.users.join(', ')}</p>
        )}
        <MultiSelect
          label={texts.protectedSets}
          data={sets}
          value={draft.permissionSets}
          onChange={(permissionSets) => onChange({ permissionSets })}
          disabled={!may}
          searchable
          limit={50}
        />
        <MultiSelect
          label={texts.protectedProfiles}
          data={profiles}
          value={draft.profiles}
          onChange={(names) => onChange({ profiles: names })}
          disabled={!may}
          searchable
          limit={50}
        />
      </div>
    </section>
  );
}

function useNames(path: '/api/v1/permission-sets' | '/api/v1/profiles'): string[] {
  const found = useQuery({ ...read(path, { params: { query: { limit: 500 } } }), staleTime: 10_000 });
  return (found.data?.items ?? []).map((item) => (item as { Name: string }).Name);
}

interface ApprovalsProps {
  approvals: readonly Approval[];
  may: boolean;
  onChange: (approvals: Approval[]) => void;
}

function Approvals({ approvals, may, onChange }: ApprovalsProps) {
  const set = (operation: Operation, part: Partial<Approval> | undefined) => {
    const others = approvals.filter((one) => one.operation !== operation);
    const present = approvals.find((one) => one.operation === operation);
    onChange(part === undefined ? others : [...others, { operation, manager: true, named: [], ...present, ...part }]);
  };
  return (
    <section>
      <h3>{texts.approvals}</h3>
      <p className="dim" style={{ margin: '0 0 0.5rem' }}>
        {texts.approvalsLead}
      </p>
      <div className={classes['fields']}>
        {OPERATIONS.map((operation) => {
          const rule = approvals.find((one) => one.operation === operation);
          return (
            <div key={operation}>
              <Checkbox
                size="xs"
                label={texts.approvalFor(operations[operation] ?? operation)}
                checked={rule !== undefined}
                onChange={(event) => set(operation, event.currentTarget.checked ? {} : undefined)}
              />
              {rule ? (
                <div className={classes['rule']}>
                  <Checkbox
                    size="xs"
                    label={texts.manager}
                    checked={rule.manager}
                    onChange={(event) => set(operation, { manager: event.currentTarget.checked })}
                  />
                  <TagsInput
                    label={texts.named}
                    description={texts.namedHint}
                    value={rule.named}
                    onChange={(named) => set(operation, { named })}
                    disabled={!may}
                  />
                </div>
              ) : null}
            </div>
          );
        })}
      </div>
    </section>
  );
}
