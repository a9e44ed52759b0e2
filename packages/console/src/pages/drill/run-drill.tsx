import { Button, Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { drillTexts as texts } from '../../texts/drill.ts';
import type { App } from '../app/use-app.ts';

/** Asks on whom; the first time, whom to mark for tests. */
export function RunDrill({ app, onBegan }: { app: App; onBegan: (id: string) => void }) {
  const { can } = useSession();
  const [asked, setAsked] = useState(false);
  if (!can('provisioning:write')) return null;
  return (
    <>
      <Button size="xs" variant="filled" onClick={() => setAsked(true)}>
        {texts.run}
      </Button>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={texts.runTitle}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {asked ? (
          <RunForm
            app={app}
            onBegan={(id) => {
              setAsked(false);
              onBegan(id);
            }}
          />
        ) : null}
      </Modal>
    </>
  );
}

function RunForm({ app, onBegan }: { app: App; onBegan: (id: string) => void }) {
  const { can } = useSession();
  const users = useQuery(read('/api/v1/test-users', {}));
  const newest = useQuery(read('/api/v1/apps/{app}/configurations', { params: { path: { app: app.name } } }));
  const [chosen, setChosen] = useState<string | null>(null);
  const [candidate, setCandidate] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>();
  const user = chosen ?? users.data?.items[0]?.username ?? null;
  // A draft has no version in force: the newest is what will be.
  const version = app.activeVersion ?? newest.data?.items[0]?.version;
  const run = useAct(
    async () => {
      const { data } = await api.POST('/api/v1/apps/{app}/drills', {
        params: { path: { app: app.name } },
        body: { user: user ?? '', ...(version === undefined ? {} : { version }) },
      });
      return data?.id ?? '';
    },
    { done: () => texts.began, failed: setFailure, after: onBegan, refresh: ['/api/v1/apps'] },
  );
  const mark = useAct(
    async (username: string) =>
      api.PUT('/api/v1/users/{user}/test-user', { params: { path: { user: username } }, body: { isTest: true } }),
    {
      done: (_result, username) => texts.marked(username),
      after: (_result, username) => setChosen(username),
      failed: setFailure,
      refresh: ['/api/v1/test-users', '/api/v1/apps'],
    },
  );
  return (
    <Loaded query={users}>
      {({ items }) => (
        <div className="stack">
          <p style={{ margin: 0 }}>{texts.runEffect(app.label)}</p>
          {items.length === 0 ? (
            <Notice tone="wait" title={texts.noTestUser}>
              <p>{texts.noTestUserBody}</p>
            </Notice>
          ) : (
            <Select
              label={texts.testUser}
              description={texts.testUserHint}
              data={items.map(({ username }) => username)}
              value={user}
              onChange={setChosen}
              allowDeselect={false}
            />
          )}
          {can('directory:write') ? (
            <div className="row" style={{ alignItems: 'flex-end' }}>
              <div className="grow">
                <PersonSelect label={texts.mark} value={candidate} onChange={setCandidate} />
              </div>
              <Button
                disabled={candidate === null}
                loading={mark.busy}
                onClick={() => candidate && void mark.run(candidate)}
              >
                {texts.markVerb}
              </Button>
            </div>
          ) : null}
          {version === undefined ? <Notice tone="wait">{texts.needsMapping}</Notice> : null}
          {failure === undefined ? null : (
            <Notice tone="bad" live>
              <FailureText error={failure} />
            </Notice>
          )}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button
              variant="filled"
              disabled={user === null || version === undefined}
              loading={run.busy}
              onClick={() => {
                setFailure(undefined);
                void run.run(undefined);
              }}
            >
              {texts.runVerb}
            </Button>
          </div>
        </div>
      )}
    </Loaded>
  );
}
