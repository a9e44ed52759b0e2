import { Button, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api } from '../../api/api.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useKeys } from '../../shell/keys.ts';
import { duration } from '../../texts/format.ts';
import { holdTexts as texts } from '../../texts/holds.ts';
import classes from './holds-view.module.css';
import type { Hold } from './holds-view.tsx';

type Verb = 'release' | 'reject' | 'snooze';

interface DecideBarProps {
  picked: readonly Hold[];
  /** The hold that has the focus, for whoever decides one without choosing it first. */
  findFocused: () => Hold | undefined;
  onPick: (hold: Hold) => void;
  onDone: () => void;
}

/** Decides what was chosen in the list, or what has the focus. */
export function DecideBar({ picked, findFocused, onPick, onDone }: DecideBarProps) {
  const [asked, setAsked] = useState<Verb>();
  const ask = (verb: Verb) => {
    const focused = picked.length === 0 ? findFocused() : undefined;
    if (focused) onPick(focused);
    if (focused || picked.length > 0) setAsked(verb);
  };
  useKeys({ r: () => ask('release'), e: () => ask('reject'), s: () => ask('snooze') });
  // What was chosen may have been decided by somebody else meanwhile.
  useEffect(() => {
    if (picked.length === 0) setAsked(undefined);
  }, [picked.length]);
  return (
    <div className={classes['bar']}>
      {picked.length === 0 ? (
        <span className="dim">{texts.keys}</span>
      ) : (
        <>
          <strong>{texts.chosen(picked.length)}</strong>
          <Button size="xs" onClick={() => setAsked('release')}>
            {texts.release}
          </Button>
          <Button size="xs" onClick={() => setAsked('reject')}>
            {texts.reject}
          </Button>
          <Button size="xs" onClick={() => setAsked('snooze')}>
            {texts.snooze}
          </Button>
        </>
      )}
      <DecideHolds holds={picked} asked={asked} onClose={() => setAsked(undefined)} onDone={onDone} />
    </div>
  );
}

interface DecideHoldsProps {
  holds: readonly Hold[];
  asked: Verb | undefined;
  onClose: () => void;
  onDone: () => void;
}

const TYPED_FROM = 10;

/** Asks with effect and count, then decides one after another; what was decided when one fails stays decided. */
export function DecideHolds(props: DecideHoldsProps) {
  return props.asked === 'snooze' ? <SnoozeHolds {...props} /> : <SettleHolds {...props} />;
}

const SNOOZES = ['1', '4', '24', '72', '168'] as const;
const HOUR_MS = 3_600_000;

/** Leaves them open, and reminds nobody of them for a while. */
function SnoozeHolds({ holds, asked, onClose, onDone }: DecideHoldsProps) {
  const [hours, setHours] = useState<(typeof SNOOZES)[number]>('24');
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/holds'] });
  const count = holds.length;
  return (
    <Confirm
      opened={asked !== undefined && count > 0}
      onClose={onClose}
      title={texts.snoozeTitle(count)}
      effect={texts.snoozeEffect(count)}
      verb={texts.snoozeVerb(count)}
      reason="optional"
      onConfirm={async (note) => {
        const until = new Date(Date.now() + Number(hours) * HOUR_MS).toISOString();
        for (const { id } of holds) {
          const body = { until, ...(note === undefined ? {} : { note }) };
          await api.POST('/api/v1/holds/{id}/snooze', { params: { path: { id } }, body });
        }
        tellDone(texts.snoozed(count));
        onDone();
        await refresh.run(undefined);
      }}
    >
      <Select
        label={texts.snoozeFor}
        data={SNOOZES.map((value) => ({ value, label: duration(Number(value) * HOUR_MS) }))}
        value={hours}
        onChange={(value) => setHours((value ?? '24') as typeof hours)}
        allowDeselect={false}
      />
    </Confirm>
  );
}

function SettleHolds({ holds, asked, onClose, onDone }: DecideHoldsProps) {
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/holds', '/api/v1/apps'] });
  const counts = countOperations(holds);
  const count = holds.length;
  const release = asked !== 'reject';
  const decide = async (note: string | undefined) => {
    const body = note === undefined ? {} : { note };
    for (const { id } of holds) {
      const path = release ? '/api/v1/holds/{id}/release' : '/api/v1/holds/{id}/reject';
      await api.POST(path, { params: { path: { id } }, body });
    }
    tellDone(release ? texts.released(count) : texts.rejected(count));
    onDone();
    await refresh.run(undefined);
  };
  const doing = [...counts].map(([operation, number]) => texts.doing(operation, number)).join(', ');
  return (
    <Confirm
      opened={asked !== undefined && count > 0}
      onClose={onClose}
      title={release ? texts.releaseTitle(count) : texts.rejectTitle(count)}
      effect={release ? texts.releaseEffect(count, texts.effects([...counts])) : texts.rejectEffect(count)}
      verb={release ? texts.releaseVerb(doing) : texts.rejectVerb(count)}
      danger
      reason={count >= TYPED_FROM ? 'required' : 'optional'}
      typed={release && count >= TYPED_FROM ? String(count) : undefined}
      onConfirm={decide}
    />
  );
}

function countOperations(holds: readonly Hold[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of holds) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return counts;
}
