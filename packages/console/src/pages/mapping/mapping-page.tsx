import { SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { read } from '../../api/read.ts';
import { type Newest, type Saved, useNewestConfiguration } from '../../configuration/use-configuration.ts';
import { Empty } from '../../parts/empty.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { setPreference, usePreferences } from '../../session/preferences.ts';
import { mappingTexts as texts } from '../../texts/mapping.ts';
import { type App, useApp } from '../app/use-app.ts';
import { AttributeList } from './attribute-list.tsx';
import { choosePeople, type Pinned } from './choose-people.ts';
import classes from './mapping.module.css';
import { OutdatedDraft } from './outdated-draft.tsx';
import { PersonPreview } from './person-preview.tsx';
import { PinnedPeople } from './pinned-people.tsx';
import { buildRows } from './rows.ts';
import { RuleEditor } from './rule-editor.tsx';
import { DraftBar, Verdict } from './save-draft.tsx';
import { TestsView } from './tests-view.tsx';
import { type Draft, useDraft } from './use-draft.ts';
import { useTrials } from './use-trials.ts';
import { VersionsView } from './versions-view.tsx';

const route = getRouteApi('/shell/apps/$app/mapping');

/** Where mappings are worked on: attributes and formulas, versions, tests. */
export function MappingPage() {
  const app = useApp();
  const newest = useNewestConfiguration(app.name);
  return (
    <Loaded query={newest} skeleton={<Lines count={8} height={18} />}>
      {(found) =>
        found ? <Editor key={`${app.name} ${found.version}`} app={app} newest={found} /> : <NoMapping app={app} />
      }
    </Loaded>
  );
}

function NoMapping({ app }: { app: App }) {
  return (
    <Panel>
      <Empty
        title={texts.none}
        action={
          <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: 'mapping' }} variant="filled">
            {texts.toSetup}
          </LinkButton>
        }
      />
    </Panel>
  );
}

function Editor({ app, newest }: { app: App; newest: Newest }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const draft = useDraft(app.name, newest);
  const [checked, setChecked] = useState<Saved>();
  const view = search.view ?? 'rules';
  return (
    <>
      <DraftBar app={app} newest={newest} draft={draft} onChecked={setChecked} />
      {draft.isOutdated ? <OutdatedDraft newest={newest} draft={draft} /> : null}
      {checked ? <Verdict checked={checked} /> : null}
      <div className="row">
        <SegmentedControl
          size="xs"
          aria-label={texts.viewsLabel}
          data={Object.entries(texts.views).map(([value, label]) => ({ value, label }))}
          value={view}
          onChange={(next) =>
            void navigate({
              to: '/apps/$app/mapping',
              params: { app: app.name },
              search: next === 'rules' ? {} : { view: next as 'versions' | 'tests' },
              replace: true,
            })
          }
        />
      </div>
      {view === 'rules' ? <RulesView app={app} draft={draft} checked={checked} /> : null}
      {view === 'versions' ? <VersionsView app={app} /> : null}
      {view === 'tests' ? <TestsView app={app} draft={draft} /> : null}
    </>
  );
}

const SCHEMA_FRESH_MS = 5 * 60_000;

function RulesView({ app, draft, checked }: { app: App; draft: Draft; checked: Saved | undefined }) {
  const { row: chosen, person } = route.useSearch();
  const navigate = useNavigate();
  const schema = useQuery({
    ...read('/api/v1/apps/{app}/schema', { params: { path: { app: app.name } } }),
    staleTime: SCHEMA_FRESH_MS,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const { configuration, changed } = draft;
  const rows = useMemo(
    () =>
      buildRows({
        rules: configuration.mapping,
        attributes: schema.data?.attributes ?? [],
        changed,
        problems: checked?.problems ?? [],
        warnings: checked?.warnings ?? [],
      }),
    [configuration, schema.data, changed, checked],
  );
  const people = usePinned(app.name);
  const row = rows.find(({ target }) => target === chosen) ?? rows[0];
  const trials = useTrials(
    app.name,
    row?.rule,
    configuration,
    people.pinned.map(({ username }) => username),
  );
  const go = (search: { row?: string | undefined; person?: string | undefined }) =>
    void navigate({
      to: '/apps/$app/mapping',
      params: { app: app.name },
      search: { row: chosen, person, ...search },
      replace: true,
    });
  return (
    <>
      <div className={classes['panes']}>
        <div className="stack">
          <AttributeList rows={rows} here={row?.target} onChoose={(target) => go({ row: target })} />
          <AddAttribute
            onAdd={(target) => {
              draft.setRule(target, { target, formula: '""', required: false, apply: 'always', blank: 'clear' });
              go({ row: target });
            }}
          />
        </div>
        {row ? (
          <RuleEditor
            app={app.name}
            row={row}
            trial={trials.trial}
            onChange={(rule) => draft.setRule(row.target, rule)}
          />
        ) : (
          <Panel>
            <Empty title={texts.choose}>{texts.chooseBody}</Empty>
          </Panel>
        )}
        <PinnedPeople
          people={people.pinned}
          trials={trials}
          hasRule={row?.rule !== undefined}
          here={person}
          onPin={people.pin}
          onUnpin={people.unpin}
          onWhole={(username) => go({ person: username === person ? undefined : username })}
        />
      </div>
      {person ? <PersonPreview app={app.name} username={person} configuration={configuration} /> : null}
    </>
  );
}

function AddAttribute({ onAdd }: { onAdd: (target: string) => void }) {
  const [path, setPath] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === '') return;
        onAdd(path.trim());
        setPath('');
      }}
    >
      <TextInput
        size="xs"
        label={texts.addCustom}
        placeholder={texts.customPath}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
    </form>
  );
}

const SAMPLE = 300;

/** The people of this app's editor: chosen for coverage until the person who looks pins their own. */
function usePinned(app: string) {
  const { pins } = usePreferences();
  const sample = useQuery({
    ...read('/api/v1/users', { params: { query: { limit: SAMPLE } } }),
    staleTime: SCHEMA_FRESH_MS,
  });
  const own = pins[app];
  const pinned = useMemo((): Pinned[] => {
    const chosen = choosePeople(sample.data?.items ?? []);
    if (own === undefined) return chosen;
    return own.map(
      (username) => chosen.find((each) => each.username === username) ?? { username, name: username, why: 'pinned' },
    );
  }, [sample.data, own]);
  const set = (usernames: string[]) => setPreference('pins', { ...pins, [app]: usernames });
  const present = pinned.map(({ username }) => username);
  return {
    pinned,
    pin: (username: string) => set([...new Set([...present, username])].slice(-5)),
    unpin: (username: string) => set(present.filter((each) => each !== username)),
  };
}
