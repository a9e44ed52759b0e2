import { ActionIcon, Button, Modal, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import type { paths } from '../../api/generated/openapi.ts';
import type { MappingTest } from '../../configuration/use-configuration.ts';
import { Empty } from '../../parts/empty.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { shortPath } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { mappingTexts } from '../../texts/mapping.ts';
import type { App } from '../app/use-app.ts';
import type { Draft } from './use-draft.ts';

const texts = mappingTexts.tests;
type Results =
  paths['/api/v1/apps/{app}/mapping/test']['post']['responses'][200]['content']['application/json']['results'];

/** Tests that are kept with the mapping. */
export function TestsView({ app, draft }: { app: App; draft: Draft }) {
  const { can } = useSession();
  const [adding, setAdding] = useState(false);
  const [results, setResults] = useState<Results>();
  const tests = draft.configuration.mappingTests ?? [];
  const run = useAct(
    async () =>
      (await api.POST('/api/v1/apps/{app}/mapping/test', { params: { path: { app: app.name } } })).data?.results,
    { after: setResults, refresh: [] },
  );
  const may = can('apps:write');
  const add = may ? (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
      {texts.add}
    </Button>
  ) : null;
  return (
    <Panel
      title={mappingTexts.views.tests}
      actions={
        <>
          {add}
          <Button size="xs" onClick={() => void run.run(undefined)} loading={run.busy} disabled={tests.length === 0}>
            {texts.run}
          </Button>
        </>
      }
      flush
    >
      {tests.length === 0 ? (
        <Empty title={texts.none}>{texts.lead}</Empty>
      ) : (
        <SimpleTable
          label={mappingTexts.views.tests}
          head={[texts.name, texts.user, texts.expected, '', <ActsHead key="acts" />]}
          rows={tests.map((test, index) => [
            test.name,
            typeof test.user === 'string' ? test.user : test.user.Username,
            describe(test),
            <Result key="result" result={results?.find(({ name }) => name === test.name)} />,
            may ? (
              <ActionIcon
                key="remove"
                aria-label={texts.remove(test.name)}
                onClick={() => draft.setTests(tests.filter((_test, at) => at !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            ) : null,
          ])}
        />
      )}
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={texts.addTitle}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {adding ? (
          <TestForm
            targets={draft.configuration.mapping.map(({ target }) => target)}
            onAdd={(test) => {
              draft.setTests([...tests, test]);
              tellDone(texts.added);
              setAdding(false);
            }}
          />
        ) : null}
      </Modal>
    </Panel>
  );
}

function describe({ expect = {}, expectParked }: MappingTest): string {
  if (expectParked !== undefined) return texts.parks(expectParked);
  return Object.entries(expect)
    .map(([attribute, value]) =>
      texts.expects(shortPath(attribute), value === null ? common.blank : JSON.stringify(value)),
    )
    .join(', ');
}

function Result({ result }: { result: Results[number] | undefined }) {
  if (!result) return null;
  if (result.ok) return <TonePill tone="ok">{texts.passed}</TonePill>;
  return (
    <>
      <TonePill tone="bad">{texts.failed}</TonePill>
      {result.failures.map(({ attribute, message }) => (
        <div key={attribute}>{message}</div>
      ))}
    </>
  );
}

function TestForm({ targets, onAdd }: { targets: readonly string[]; onAdd: (test: MappingTest) => void }) {
  const [name, setName] = useState('');
  const [user, setUser] = useState<string | null>(null);
  const [attribute, setAttribute] = useState<string | null>(targets[0] ?? null);
  const [expected, setExpected] = useState('');
  const ready = name.trim() !== '' && user !== null && attribute !== null;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        onAdd({ name: name.trim(), user, expect: { [attribute]: expected === '' ? null : expected } });
      }}
    >
      <TextInput
        label={texts.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        data-autofocus
      />
      <PersonSelect label={texts.user} value={user} onChange={setUser} />
      <Select
        label={texts.attribute}
        data={[...targets]}
        value={attribute}
        onChange={setAttribute}
        searchable
        allowDeselect={false}
      />
      <TextInput
        label={texts.expected}
        description={texts.expectedHint}
        value={expected}
        onChange={(event) => setExpected(event.currentTarget.value)}
      />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" variant="filled" disabled={!ready}>
          {texts.add}
        </Button>
      </div>
    </form>
  );
}
