import { Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { CopyText } from '../../parts/copy.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { Changes } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { requestTexts as texts } from '../../texts/log.ts';
import { operations } from '../../texts/states.ts';
import { Attempts } from './attempts.tsx';
import classes from './request-drawer.module.css';

export type RequestDetails = Answer<'/api/v1/requests/{id}'>;

const EVERY_MS = 3_000;
const OVER = new Set(['Completed', 'Manually Completed', 'Retried']);

/** One request in full, beside the list that it came from. */
export function RequestDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const [shown, setShown] = useState(id);
  // While it slides away, what was there stays.
  if (id !== undefined && id !== shown) setShown(id);
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="min(46rem, 100%)"
      title={texts.id}
      closeButtonProps={{ 'aria-label': common.close }}
      transitionProps={{ duration: 120 }}
    >
      {shown === undefined ? null : <RequestView id={shown} />}
    </Drawer>
  );
}

function RequestView({ id }: { id: string }) {
  const request = useQuery({
    ...read('/api/v1/requests/{id}', { params: { path: { id } } }),
    refetchInterval: ({ state }) => (state.data && OVER.has(state.data.state) ? false : EVERY_MS),
  });
  return <Loaded query={request}>{(found) => <RequestBody request={found} />}</Loaded>;
}

function RequestBody({ request }: { request: RequestDetails }) {
  const { username, app, operation, state, changes } = request;
  const operationName = operations[operation] ?? operation;
  return (
    <div className="stack">
      <div className={classes['head']}>
        <h2 className={classes['title']}>{texts.what(operationName, username, app)}</h2>
        <StatePill family="request" state={state} />
      </div>
      <Reason request={request} />
      <RequestActs request={request} />
      <RequestFacts request={request} />
      <section>
        <h3>{texts.changes}</h3>
        {changes === null || changes.length === 0 ? (
          <p className="dim">{texts.noChanges}</p>
        ) : (
          <Changes changes={changes} head={[texts.attribute, texts.before, texts.after]} />
        )}
      </section>
      <Attempts request={request} />
    </div>
  );
}

function Reason({ request: { state, reason, nextStep, log } }: { request: RequestDetails }) {
  if (!reason) return null;
  const said = findTargetSaid(log);
  return (
    <Notice tone={state === 'Failed' ? 'bad' : state === 'Completed' ? 'idle' : 'wait'} title={reason}>
      {nextStep ? (
        <p>
          {texts.whatToDo}: {nextStep}
        </p>
      ) : null}
      {said ? (
        <p className={classes['said']}>
          {texts.targetSaid} {said.status}: <span className="break">{said.text}</span>
        </p>
      ) : null}
    </Notice>
  );
}

const LONGEST_SAID = 400;

/** What the target itself said when it refused, apart from our words. */
function findTargetSaid(log: RequestDetails['log']): { status: number; text: string } | undefined {
  const refused = log
    .flatMap(({ exchanges }) => exchanges ?? [])
    .findLast(({ status, responseBody }) => (status ?? 0) >= 400 && responseBody);
  if (!refused?.responseBody || refused.status === undefined) return undefined;
  return { status: refused.status, text: detailOf(refused.responseBody).slice(0, LONGEST_SAID) };
}

function detailOf(body: string): string {
  try {
    const parsed = JSON.parse(body) as { detail?: unknown; message?: unknown; error?: unknown };
    const said = [parsed.detail, parsed.message, parsed.error].find((text) => typeof text === 'string');
    return typeof said === 'string' ? said : body;
  } catch {
    return body;
  }
}

function RequestActs({ request }: { request: RequestDetails }) {
  const { can } = useSession();
  const { id, state } = request;
  const path = { params: { path: { id } } };
  const retry = useAct(async () => api.POST('/api/v1/requests/{id}/retry', path), { done: () => texts.retried });
  const refresh = useAct(async () => {}, {});
  const failed = state === 'Failed' && can('provisioning:write');
  return (
    <div className="row">
      {failed ? (
        <Button size="xs" variant="filled" onClick={() => void retry.run(undefined)} loading={retry.busy}>
          {texts.retry}
        </Button>
      ) : null}
      {failed ? (
        <ActButton
          label={texts.complete}
          size="xs"
          confirm={{
            title: texts.completeTitle,
            effect: texts.completeEffect,
            verb: texts.completeVerb,
            reason: 'required',
            onConfirm: async (note) => {
              await api.POST('/api/v1/requests/{id}/complete', { ...path, body: { note: note ?? '' } });
              tellDone(texts.completed);
              await refresh.run(undefined);
            },
          }}
        />
      ) : null}
      <LinkButton to="/users/$user" params={{ user: request.userId }} size="xs">
        {texts.person}
      </LinkButton>
      <CopyText value={window.location.href} label={texts.copyLink} />
      <CopyText value={JSON.stringify(request, null, 2)} label={texts.copyJson} />
    </div>
  );
}

function RequestFacts({ request }: { request: RequestDetails }) {
  const { createdAt, completedAt, retryAt, cause, version, completedBy, note, id } = request;
  return (
    <Facts
      facts={[
        [texts.began, <Time key="at" at={createdAt} show="both" focusable />],
        completedAt ? [texts.ended, <Time key="at" at={completedAt} show="both" focusable />] : undefined,
        retryAt ? [texts.next, <Time key="at" at={retryAt} show="both" focusable />] : undefined,
        [texts.cause, cause],
        version === null ? undefined : [texts.configuration, common.version(version)],
        completedBy ? [texts.by, completedBy] : undefined,
        note ? [texts.note, note] : undefined,
        [
          texts.id,
          <code key="id" className="mono">
            {id}
          </code>,
        ],
      ]}
    />
  );
}
