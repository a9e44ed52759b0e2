import { Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { diffValues } from '../../parts/diff-values.ts';
import { Facts } from '../../parts/facts.tsx';
import { Time } from '../../parts/time.tsx';
import { Changes } from '../../parts/value.tsx';
import { describeAction, auditTexts as texts } from '../../texts/audit.ts';
import { common } from '../../texts/common.ts';
import type { Event } from './audit-page.tsx';

/** One event with what it changed. */
export function EventDrawer({ event, onClose }: { event: Event | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={event !== undefined}
      onClose={onClose}
      position="right"
      size="min(40rem, 100%)"
      title={event ? describeAction(event) : ''}
      closeButtonProps={{ 'aria-label': common.close }}
      transitionProps={{ duration: 120 }}
    >
      {event ? <EventBody event={event} /> : null}
    </Drawer>
  );
}

function EventBody({ event }: { event: Event }) {
  const { at, actor, actorKind, origin, action, entityKind, entityId, userId, username, reason, before, after } = event;
  const changes = diffValues(before, after);
  return (
    <div className="stack">
      <Facts
        facts={[
          [texts.columns.at, <Time key="at" at={at} show="both" focusable />],
          [texts.columns.actor, `${actor} (${texts.by[actorKind]})`],
          origin ? [texts.columns.origin, origin] : undefined,
          [
            texts.columns.action,
            <code key="code" className="mono">
              {action}
            </code>,
          ],
          [
            texts.columns.thing,
            userId ? (
              <Link key="user" to="/users/$user" params={{ user: userId }}>
                {entityKind} {entityKind === 'user' ? (username ?? entityId) : entityId}
              </Link>
            ) : (
              `${entityKind} ${entityId}`
            ),
          ],
          reason ? [texts.columns.reason, reason] : undefined,
        ]}
      />
      <section>
        <h3>{texts.diff}</h3>
        {changes.length === 0 ? (
          <p className="dim">{texts.noDiff}</p>
        ) : (
          <Changes changes={changes} head={[texts.field, texts.before, texts.after]} />
        )}
      </section>
    </div>
  );
}
