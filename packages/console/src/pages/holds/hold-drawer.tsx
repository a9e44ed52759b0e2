import { Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/read.ts';
import { Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { Changes } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { guardText, holdTexts as texts } from '../../texts/holds.ts';
import { requestTexts } from '../../texts/log.ts';
import { operations } from '../../texts/states.ts';
import { DecideHolds } from './decide-bar.tsx';
import type { Hold } from './holds-view.tsx';

/** One hold in full: what would be sent, why it is held, and its decision. */
export function HoldDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const [shown, setShown] = useState(id);
  if (id !== undefined && id !== shown) setShown(id);
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="min(40rem, 100%)"
      title={texts.title}
      closeButtonProps={{ 'aria-label': common.close }}
      transitionProps={{ duration: 120 }}
    >
      {shown === undefined ? null : <HoldView id={Number(shown)} />}
    </Drawer>
  );
}

function HoldView({ id }: { id: number }) {
  const hold = useQuery(read('/api/v1/holds/{id}', { params: { path: { id } } }));
  return <Loaded query={hold}>{(found) => <HoldBody hold={found} />}</Loaded>;
}

function HoldBody({ hold }: { hold: Hold }) {
  const { can } = useSession();
  const [asked, setAsked] = useState<'release' | 'reject' | 'snooze'>();
  const { username, app, operation, guard, state, reason, openedAt, remindAt, decidedAt, decidedBy, note, changes } =
    hold;
  const open = state === 'open';
  return (
    <div className="stack">
      <div className="row">
        <h2 className="break" style={{ margin: 0, fontSize: '1rem' }}>
          {requestTexts.what(operations[operation] ?? operation, username, app)}
        </h2>
        <StatePill family="hold" state={state} />
      </div>
      <Notice tone={open ? 'held' : 'idle'} title={guardText(guard)}>
        <p>{reason}</p>
        {open && operation === 'deactivate' ? <p>{texts.alert}</p> : null}
      </Notice>
      <div className="row">
        {open && can('holds:release') ? (
          <>
            <Button size="xs" variant="filled" onClick={() => setAsked('release')}>
              {texts.release}
            </Button>
            <Button size="xs" onClick={() => setAsked('reject')}>
              {texts.reject}
            </Button>
            <Button size="xs" onClick={() => setAsked('snooze')}>
              {texts.snooze}
            </Button>
          </>
        ) : null}
        <LinkButton to="/users/$user" params={{ user: hold.userId }} size="xs">
          {requestTexts.person}
        </LinkButton>
        <LinkButton to="/apps/$app/settings" params={{ app }} size="xs">
          {texts.toSettings}
        </LinkButton>
      </div>
      <Facts
        facts={[
          [texts.columns.opened, <Time key="at" at={openedAt} show="both" focusable />],
          remindAt ? [texts.remindAt, <Time key="at" at={remindAt} show="both" focusable />] : undefined,
          hold.approvers
            ? [
                texts.approvers,
                [...(hold.approvers.manager ? [texts.approversManager] : []), ...hold.approvers.named].join(', '),
              ]
            : undefined,
          decidedAt ? [texts.decided, <Time key="at" at={decidedAt} show="both" focusable />] : undefined,
          decidedBy ? [texts.by, decidedBy] : undefined,
          note ? [texts.note, note] : undefined,
        ]}
      />
      <section>
        <h3>{requestTexts.changes}</h3>
        <Changes changes={changes} head={[requestTexts.attribute, requestTexts.before, requestTexts.after]} />
      </section>
      <DecideHolds
        holds={[hold]}
        asked={asked}
        onClose={() => setAsked(undefined)}
        onDone={() => setAsked(undefined)}
      />
    </div>
  );
}
