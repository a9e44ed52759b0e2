import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Answer, read } from '../../api/read.ts';
import { useNewestConfiguration } from '../../configuration/use-configuration.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { moved, OrderedList } from '../../parts/ordered-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { shortPath } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { matchingTexts } from '../../texts/matching.ts';
import type { App } from '../app/use-app.ts';

const texts = matchingTexts.rules;
type Rule = Answer<'/api/v1/apps/{app}/matching-rules'>['rules'][number];
const REFRESH = { refresh: ['/api/v1/apps/{app}/matching-rules'] };

interface DecisionRulesProps {
  app: App;
  /** The latest report that is ready, in which is shown what a decision picks. */
  report: string | undefined;
}

/** What is decided of each report without a person, in its order; effective at once. */
export function DecisionRules({ app, report }: DecisionRulesProps) {
  const { can } = useSession();
  const rules = useQuery(read('/api/v1/apps/{app}/matching-rules', { params: { path: { app: app.name } } }));
  const [adding, setAdding] = useState(false);
  const may = can('provisioning:write');
  return (
    <Panel
      title={texts.title}
      actions={
        may ? (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            {texts.add}
          </Button>
        ) : undefined
      }
    >
      <div className="stack-tight">
        <p className="dim" style={{ margin: 0 }}>
          {texts.lead}
        </p>
        <Loaded query={rules}>{({ rules: list }) => <RuleList app={app} rules={list} report={report} />}</Loaded>
      </div>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={texts.add}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {adding ? <AddRule app={app} rules={rules.data?.rules ?? []} onDone={() => setAdding(false)} /> : null}
      </Modal>
    </Panel>
  );
}

async function putRules(app: string, rules: readonly Rule[]): Promise<void> {
  await api.PUT('/api/v1/apps/{app}/matching-rules', { params: { path: { app } }, body: { rules: [...rules] } });
}

interface RuleListProps {
  app: App;
  rules: readonly Rule[];
  report: string | undefined;
}

function RuleList({ app, rules, report }: RuleListProps) {
  const { can } = useSession();
  const [removed, setRemoved] = useState<number>();
  const put = useAct(async (wanted: readonly Rule[]) => putRules(app.name, wanted), REFRESH);
  const refresh = useAct(async () => {}, REFRESH);
  const may = can('provisioning:write');
  const doomed = removed === undefined ? undefined : rules[removed];
  if (rules.length === 0) return <p style={{ margin: 0 }}>{texts.none}</p>;
  return (
    <>
      <OrderedList
        label={texts.order}
        busy={put.busy}
        items={rules.map((rule) => ({
          key: JSON.stringify(rule),
          name: texts.sentence(rule.decision, rule.filter),
          body: <RuleBody app={app} rule={rule} report={report} />,
        }))}
        onMove={may ? (from, to) => void put.run(moved(rules, from, to)) : undefined}
        onRemove={may ? setRemoved : undefined}
      />
      {doomed ? (
        <Confirm
          opened
          onClose={() => setRemoved(undefined)}
          title={texts.removeTitle}
          effect={texts.removeEffect(texts.sentence(doomed.decision, doomed.filter))}
          verb={texts.removeVerb}
          danger
          onConfirm={async () => {
            await putRules(
              app.name,
              rules.filter((rule) => rule !== doomed),
            );
            tellDone(texts.removed);
            await refresh.run(undefined);
          }}
        />
      ) : null}
    </>
  );
}

function RuleBody({ app, rule, report }: { app: App; rule: Rule; report: string | undefined }) {
  const { category, standing, matchedBy, active, name } = rule.filter;
  const search = {
    ...(category === undefined ? {} : { category }),
    ...(standing === undefined ? {} : { standing }),
    ...(matchedBy === undefined ? {} : { matchedBy }),
    ...(active === undefined ? {} : { active: active ? ('true' as const) : ('false' as const) }),
    ...(name === undefined ? {} : { name }),
  };
  return (
    <>
      {texts.sentence(rule.decision, rule.filter)}
      {rule.note ? <span className="dim"> {rule.note}</span> : null}
      {report === undefined ? null : (
        <div>
          <Link to="/apps/$app/matching/$report" params={{ app: app.name, report }} search={search}>
            {texts.show}
          </Link>
        </div>
      )}
    </>
  );
}

interface Draft {
  decision: 'ignore' | 'link';
  category: string;
  standing: string;
  matchedBy: string;
  active: string;
  name: string;
  note: string;
}

const BLANK: Draft = {
  decision: 'ignore',
  category: 'orphaned',
  standing: '',
  matchedBy: '',
  active: '',
  name: '',
  note: '',
};

function ruleOf({ decision, category, standing, matchedBy, active, name, note }: Draft): Rule {
  const filter = {
    ...(category === '' ? {} : { category }),
    ...(standing === '' ? {} : { standing }),
    ...(matchedBy === '' ? {} : { matchedBy }),
    ...(active === '' ? {} : { active: active === 'true' }),
    ...(name.trim() === '' ? {} : { name: name.trim() }),
  };
  return { decision, filter, note: note.trim() === '' ? null : note.trim() } as Rule;
}

function AddRule({ app, rules, onDone }: { app: App; rules: readonly Rule[]; onDone: () => void }) {
  const [draft, setDraft] = useState(BLANK);
  const [failure, setFailure] = useState<unknown>();
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const rule = ruleOf(draft);
  const paths = useNewestConfiguration(app.name).data?.configuration.correlation?.matchingAttributes ?? [];
  const add = useAct(async () => putRules(app.name, [...rules, rule]), {
    ...REFRESH,
    done: () => texts.added,
    failed: setFailure,
    after: onDone,
  });
  const refusal = isApiError(failure) ? failure : undefined;
  const isBound = Object.keys(rule.filter).length > 0;
  const refused = texts.refused[`${draft.decision} ${draft.category}`];
  // Of ambiguous lines some match nobody.
  const isFutile = refused !== undefined && draft.category !== 'ambiguous';
  const mayTakeAway = draft.decision === 'link' && draft.standing !== 'entitled';
  const select = (
    name: 'category' | 'standing' | 'matchedBy' | 'active',
    label: string,
    choices: [string, string][],
  ) => (
    <Select
      label={label}
      data={choices.map(([value, text]) => ({ value, label: text }))}
      value={draft[name]}
      onChange={(value) => set({ [name]: value ?? '' })}
      allowDeselect={false}
    />
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void add.run(undefined);
      }}
    >
      <Select
        label={texts.decision}
        data={Object.entries(texts.decisions).map(([value, label]) => ({ value, label }))}
        value={draft.decision}
        onChange={(decision) =>
          set({
            decision: (decision ?? 'ignore') as Draft['decision'],
            category: decision === 'link' ? 'matched' : 'orphaned',
          })
        }
        allowDeselect={false}
        data-autofocus
      />
      {select('category', texts.category, [['', texts.anyCategory], ...Object.entries(matchingTexts.categories)])}
      {select('standing', texts.standing, [
        ['', matchingTexts.anyStanding],
        ...Object.entries(matchingTexts.standings),
      ])}
      {select('matchedBy', texts.matchedBy, [
        ['', texts.anyAttribute],
        ...paths.map((path): [string, string] => [path, shortPath(path)]),
      ])}
      {select('active', texts.active, Object.entries(texts.actives))}
      <TextInput
        label={texts.name}
        description={texts.nameHint}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={refusal?.fieldText(`rules[${rules.length}].filter.name`)}
        maxLength={200}
        autoComplete="off"
      />
      <Textarea
        label={`${texts.note} (${common.optional})`}
        value={draft.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
        maxLength={2000}
      />
      <Notice tone={refused === undefined && isBound ? 'busy' : 'wait'} title={texts.preview} live>
        <p>{texts.sentence(draft.decision, rule.filter)}</p>
        {isBound ? null : <p>{texts.unbounded}</p>}
        {refused === undefined ? null : <p>{refused}</p>}
        {mayTakeAway && refused === undefined ? <p>{texts.takesAway}</p> : null}
      </Notice>
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onDone}>{common.cancel}</Button>
        <Button type="submit" variant="filled" loading={add.busy} disabled={!isBound || isFutile}>
          {texts.addVerb}
        </Button>
      </div>
    </form>
  );
}
