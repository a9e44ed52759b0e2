import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type Configuration,
  checkConfiguration,
  type Newest,
  saveConfiguration,
  useNewestConfiguration,
} from '../../configuration/use-configuration.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Findings } from '../../parts/findings.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { moved, OrderedList } from '../../parts/ordered-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAct } from '../../parts/use-act.ts';
import { shortPath } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { matchingTexts } from '../../texts/matching.ts';
import type { App } from '../app/use-app.ts';

const texts = matchingTexts.attributes;
const DEBOUNCE_MS = 250;

/** By what the account of a user is searched, in which order, and what becomes of one that is found. Versioned with the mapping. */
export function MatchingAttributes({ app }: { app: App }) {
  const newest = useNewestConfiguration(app.name);
  const version = newest.data;
  return (
    <Panel
      title={texts.title}
      beside={version ? <span className="dim">{texts.version(version.version, version.isActive)}</span> : undefined}
    >
      <Loaded query={newest}>
        {(found) =>
          found ? (
            <AttributesForm key={found.version} app={app} newest={found} />
          ) : (
            <Notice
              tone="wait"
              actions={
                <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: 'mapping' }} size="xs">
                  {texts.toMapping}
                </LinkButton>
              }
            >
              {texts.needsMapping}
            </Notice>
          )
        }
      </Loaded>
    </Panel>
  );
}

type Correlation = NonNullable<Configuration['correlation']>;

function AttributesForm({ app, newest }: { app: App; newest: Newest }) {
  const { can } = useSession();
  const { configuration } = newest;
  const present: Correlation = configuration.correlation ?? {};
  const [draft, setDraft] = useState(present);
  const [failure, setFailure] = useState<unknown>();
  const paths = draft.matchingAttributes ?? [];
  const may = can('apps:write');
  const changed = JSON.stringify(draft) !== JSON.stringify(present);
  const wanted = { ...configuration, correlation: draft };
  const save = useAct(async () => await saveConfiguration(app.name, wanted, { note: texts.note }), {
    done: ({ version, inForce }) => texts.saved(version ?? 0, inForce ?? false),
    failed: setFailure,
  });
  const setPaths = (matchingAttributes: string[]) => setDraft({ ...draft, matchingAttributes });
  const formulas = new Map(configuration.mapping.map(({ target, formula }) => [target.toLowerCase(), formula]));
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
      <OrderedList
        label={texts.order}
        items={paths.map((path) => ({
          key: path,
          name: shortPath(path),
          body: (
            <>
              <strong>{shortPath(path)}</strong>{' '}
              <span className="dim">{texts.from(formulas.get(path.toLowerCase()) ?? '?')}</span>
            </>
          ),
        }))}
        onMove={may ? (from, to) => setPaths(moved(paths, from, to)) : undefined}
        onRemove={may && paths.length > 1 ? (index) => setPaths(paths.toSpliced(index, 1)) : undefined}
      />
      {may && paths.length === 1 ? (
        <p className="dim" style={{ margin: 0 }}>
          {texts.leastOne}
        </p>
      ) : null}
      {may ? (
        <AddAttribute mapping={configuration.mapping} paths={paths} onAdd={(path) => setPaths([...paths, path])} />
      ) : null}
      <Select
        label={texts.adoption}
        data={Object.entries(texts.adoptions).map(([value, label]) => ({ value, label }))}
        value={draft.adoption ?? 'link and update'}
        onChange={(adoption) => setDraft({ ...draft, adoption: (adoption ?? 'link and update') as never })}
        allowDeselect={false}
        disabled={!may}
      />
      <p style={{ margin: 0 }} role="status">
        {texts.sentence(paths.map(shortPath))}
      </p>
      {may ? <Verdict app={app} configuration={wanted} /> : null}
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      {may ? (
        <div className="row">
          <Button type="submit" variant={changed ? 'filled' : 'default'} disabled={!changed} loading={save.busy}>
            {texts.save}
          </Button>
          {changed ? <Button onClick={() => setDraft(present)}>{common.cancel}</Button> : null}
        </div>
      ) : null}
    </form>
  );
}

interface AddAttributeProps {
  mapping: Configuration['mapping'];
  paths: readonly string[];
  onAdd: (path: string) => void;
}

function AddAttribute({ mapping, paths, onAdd }: AddAttributeProps) {
  const taken = new Set(paths.map((path) => path.toLowerCase()));
  const free = mapping.filter(({ target }) => !taken.has(target.toLowerCase()));
  return (
    <Select
      label={texts.add}
      description={free.length === 0 ? texts.noMore : texts.addHint}
      data={free.map(({ target }) => ({ value: target, label: shortPath(target) }))}
      value={null}
      onChange={(path) => path && onAdd(path)}
      disabled={free.length === 0}
      searchable
      limit={60}
    />
  );
}

/** What a save would meet, looked at while one edits; only what is about matching, for the rest has its page. */
function Verdict({ app, configuration }: { app: App; configuration: Configuration }) {
  const [settled] = useDebouncedValue(configuration, DEBOUNCE_MS);
  const check = useQuery({
    queryKey: ['check of matching', app.name, settled.correlation, settled.mapping],
    queryFn: async ({ signal }) => await checkConfiguration(app.name, settled, signal),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  if (!check.data) return null;
  const ours = ({ field }: { field: string }) => field.startsWith('correlation');
  const problems = check.data.problems.filter(ours);
  const warnings = check.data.warnings.filter(ours);
  if (problems.length + warnings.length === 0) return <Notice tone="ok">{texts.allWell}</Notice>;
  return (
    <>
      {problems.length > 0 ? (
        <Notice tone="bad" title={texts.problems} live>
          <Findings findings={problems} />
        </Notice>
      ) : null}
      {warnings.length > 0 ? (
        <Notice tone="wait" title={texts.warnings} live>
          <Findings findings={warnings} />
        </Notice>
      ) : null}
    </>
  );
}
