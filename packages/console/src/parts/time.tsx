import { CopyButton, Popover, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useNow } from '../session/now.ts';
import { usePreferences } from '../session/preferences.ts';
import { common, timeTexts } from '../texts/common.ts';
import { exactTime, relative, zoneName } from '../texts/format.ts';
import classes from './time.module.css';

interface TimeProps {
  at: string | Date;
  /** Relative for glances, exact where it is evidence. */
  show?: 'relative' | 'exact' | 'both';
  /** Reachable by Tab, which a list with many of them should not ask for. */
  focusable?: boolean;
  seconds?: boolean;
}

/** The one way that a point in time is shown: in the person's zone, with local, UTC and relative time behind it. */
export function Time({ at, show = 'relative', focusable = false, seconds = true }: TimeProps) {
  const [opened, setOpened] = useState(false);
  const [armed, setArmed] = useState(false);
  const { zone } = usePreferences();
  const tick = useNow();
  const date = typeof at === 'string' ? new Date(at) : at;
  // What happened since the last tick did not happen in the future.
  const now = date > tick ? new Date() : tick;
  const open = () => {
    setArmed(true);
    setOpened(true);
  };
  const exact = `${exactTime(date, zone, { seconds })}${zone === 'utc' ? ' UTC' : ''}`;
  const text = show === 'exact' ? exact : show === 'both' ? `${exact} (${relative(date, now)})` : relative(date, now);
  const element = (
    <time
      className={classes['time']}
      dateTime={date.toISOString()}
      onMouseEnter={open}
      onMouseLeave={() => setOpened(false)}
      onFocus={open}
      onBlur={() => setOpened(false)}
      {...(focusable ? { tabIndex: 0 } : {})}
    >
      {text}
    </time>
  );
  if (!armed) return element;
  return (
    <Popover
      opened={opened}
      withRoles={false}
      position="top"
      withArrow
      shadow="md"
      closeOnEscape
      onDismiss={() => setOpened(false)}
    >
      <Popover.Target>{element}</Popover.Target>
      <Popover.Dropdown
        onMouseEnter={() => setOpened(true)}
        onMouseLeave={() => setOpened(false)}
        className={classes['card']}
      >
        <TimeCard date={date} now={now} />
      </Popover.Dropdown>
    </Popover>
  );
}

function TimeCard({ date, now }: { date: Date; now: Date }) {
  const rows = [
    [`${timeTexts.local} (${zoneName(date, 'local')})`, exactTime(date, 'local')],
    [timeTexts.utc, exactTime(date, 'utc')],
    [timeTexts.relative, relative(date, now)],
  ];
  return (
    <>
      <dl className={classes['rows']}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton value={date.toISOString()}>
        {({ copied, copy }) => (
          <UnstyledButton className={classes['copy']} onClick={copy}>
            {copied ? common.copied : timeTexts.copyUtc}
          </UnstyledButton>
        )}
      </CopyButton>
    </>
  );
}
