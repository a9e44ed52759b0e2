import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { type Item, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { usePreferences } from '../../session/preferences.ts';
import { useSession } from '../../session/session.tsx';
import { exactTime } from '../../texts/format.ts';
import { reasonText, causeTexts as texts } from '../../texts/log.ts';
import { operations } from '../../texts/states.ts';
import classes from './causes-view.module.css';
import type { LogSearch } from './log-search.ts';
import type { RequestFilter } from './request-list.tsx';

type Cause = Item<'/api/v1/requests/causes'>;

const EVERY_MS = 10_000;

interface CausesViewProps {
  filter: RequestFilter;
  onShow: (cause: Pick<LogSearch, 'app' | 'cause' | 'operation'>) => void;
}

/** What fails, grouped under a key that is shown: the same key, the same group, always. */
export function CausesView({ filter, onShow }: CausesViewProps) {
  const causes = useQuery({
    ...read('/api/v1/requests/causes', { params: { query: filter } }),
    refetchInterval: EVERY_MS,
  });
  return (
    <Panel flush>
      <Loaded query={causes}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconCircleCheck} title={texts.none} />
          ) : (
            items.map((cause) => (
              <CauseView key={`${cause.app} ${cause.reasonCode} ${cause.operation}`} cause={cause} onShow={onShow} />
            ))
          )
        }
      </Loaded>
    </Panel>
  );
}

function CauseView({ cause, onShow }: { cause: Cause; onShow: CausesViewProps['onShow'] }) {
  const { app, reasonCode, operation, requests, users, failedUsers, firstAt, lastAt, example, nextStep } = cause;
  return (
    <article className={classes['cause']}>
      <div className={classes['text']}>
        <h2 className={classes['title']}>{texts.headline(users, reasonText(reasonCode))}</h2>
        {example ? (
          <p className="break">
            {texts.example}: {example}
          </p>
        ) : null}
        {failedUsers > 0 && nextStep ? (
          <p className="break">
            {texts.whatToDo}: {nextStep}
          </p>
        ) : null}
        <p className={classes['key']}>
          {texts.key} <code>{app}</code> · <code>{reasonCode}</code> ·{' '}
          <code>{(operations[operation] ?? operation).toLowerCase()}</code>
        </p>
        <p className={classes['key']}>
          {texts.requests(requests)} · {texts.stillFailing(failedUsers)} · {texts.first} <Time at={firstAt} /> ·{' '}
          {texts.last} <Time at={lastAt} />
        </p>
      </div>
      <div className={classes['acts']}>
        <Button
          size="xs"
          onClick={() =>
            onShow({ app, cause: reasonCode, operation: operation as NonNullable<LogSearch['operation']> })
          }
        >
          {texts.show}
        </Button>
        <RetryCause cause={cause} />
      </div>
    </article>
  );
}

function RetryCause({ cause: { app, reasonCode, operation, failedUsers, firstAt, lastAt } }: { cause: Cause }) {
  const { can } = useSession();
  const { zone } = usePreferences();
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/requests', '/api/v1/apps'] });
  if (!can('provisioning:write') || failedUsers === 0) return null;
  const at = (iso: string) => exactTime(new Date(iso), zone);
  return (
    <ActButton
      label={texts.retry}
      size="xs"
      confirm={{
        title: texts.retryTitle(failedUsers),
        effect: texts.retryEffect(failedUsers, app, reasonText(reasonCode), at(firstAt), at(lastAt)),
        verb: texts.retryVerb(failedUsers),
        onConfirm: async () => {
          const { data } = await api.POST('/api/v1/requests/retry', {
            body: { app, cause: reasonCode, operation: operation as NonNullable<LogSearch['operation']> },
          });
          tellDone(texts.retried(data?.retried ?? 0));
          await refresh.run(undefined);
        },
      }}
    />
  );
}
