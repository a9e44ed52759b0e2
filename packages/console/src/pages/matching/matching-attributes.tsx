import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  type Configuration,
  checkConfiguration,
  type Newest,
  useNewestConfiguration,
} from '../../configuration/use-configuration.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Findings } from '../../parts/findings.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { moved, OrderedList } from '../../parts/ordered-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { shortPath } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { matchingTexts } from '../../texts/matching.ts';
import type { App } from '../app/use-app.ts';
import { useMatchingDraft } from './use-matching-draft.ts';

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
            <AttributesForm app={app} newest={found} />
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

function AttributesForm({ app, newest }: { app: App; newest: Newest }) {
  const { can } = useSession();
  const edited = useMatchingDraft(app, newest);
  const { draft, setDraft, wanted } = edited;
  const paths = draft.matchingAttributes ?? [];
  const may = can('apps:write');
  const setPaths = (matchingAttributes: string[]) => setDraft({ ...draft, matchingAttributes });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        edited.save();
      }}
    >
      <p className="dim" style={{ margin: 0 }}>
        {texts.lead}
      </p>
      <Paths mapping={wanted.mapping} paths={paths} onChange={may ? setPaths : undefined} />
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
      <Conflict edited={edited} newest={newest} />
      {may ? (
        <div className="row">
          <Button
            type="submit"
            variant={edited.changed ? 'filled' : 'default'}
            disabled={!edited.changed || edited.isOld}
            loading={edited.busy}
          >
            {texts.save}
          </Button>
          {edited.changed ? <Button onClick={edited.reset}>{common.cancel}</Button> : null}
        </div>
      ) : null}
    </form>
  );
}

/** What somebody else saved meanwhile, and why a save was refused. */
function Conflict({ edited, newest }: { edited: ReturnType<typeof useMatchingDraft>; newest: Newest }) {
  const { isOld, changed, failure, takeNewest } = edited;
  return (
    <>
      {isOld && changed ? (
        <Notice
          tone="wait"
          live
          actions={
            <Button size="xs" onClick={takeNewest}>
              {texts.takeNewest(newest.version)}
            </Button>
          }
        >
          {texts.meanwhile(newest.version, newest.author)}
        </Notice>
      ) : null}
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
    </>
  );
}

interface PathsProps {
  mapping: Configuration['mapping'];
  paths: readonly string[];
  /** Absent: they are only looked at. */
  onChange: ((paths: string[]) => void) | undefined;
}

function Paths({ mapping, paths, onChange }: PathsProps) {
  const formulas = new Map(mapping.map(({ target, formula }) => [target.toLowerCase(), formula]));
  return (
    <>
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
        onMove={onChange && ((from, to) => onChange(moved(paths, from, to)))}
        onRemove={onChange && paths.length > 1 ? (index) => onChange(paths.toSpliced(index, 1)) : undefined}
      />
      {onChange && paths.length === 1 ? (
        <p className="dim" style={{ margin: 0 }}>
          {texts.leastOne}
        </p>
      ) : null}
      {onChange ? <AddAttribute mapping={mapping} paths={paths} onAdd={(path) => onChange([...paths, path])} /> : null}
    </>
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
