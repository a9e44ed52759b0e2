import { ActionIcon, Button } from '@mantine/core';
import { IconPinnedOff } from '@tabler/icons-react';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { Value } from '../../parts/value.tsx';
import { mappingTexts as texts } from '../../texts/mapping.ts';
import type { Pinned } from './choose-people.ts';
import classes from './mapping.module.css';
import type { Trials } from './use-trials.ts';

interface PinnedPeopleProps {
  people: readonly Pinned[];
  trials: Trials;
  hasRule: boolean;
  here: string | undefined;
  onPin: (username: string) => void;
  onUnpin: (username: string) => void;
  onWhole: (username: string) => void;
}

/** The value of the row for a few people, as it is written. */
export function PinnedPeople({ people, trials, hasRule, here, onPin, onUnpin, onWhole }: PinnedPeopleProps) {
  return (
    <Panel title={texts.people} beside={<span className="dim">{texts.peopleHint}</span>}>
      <ul className={classes['people']} data-stale={trials.stale || undefined}>
        {people.length === 0 ? <li className="dim">{texts.noPeople}</li> : null}
        {people.map(({ username, name, why }) => (
          <li key={username} data-here={username === here || undefined}>
            <div className={classes['person']}>
              <span className="grow">
                <span className={classes['personName']}>{name}</span> <span className="dim">{texts.why[why]}</span>
              </span>
              <Button size="compact-xs" onClick={() => onWhole(username)} aria-pressed={username === here}>
                {texts.whole}
              </Button>
              <ActionIcon size="sm" aria-label={texts.unpin(name)} onClick={() => onUnpin(username)}>
                <IconPinnedOff size={14} />
              </ActionIcon>
            </div>
            {hasRule ? <PersonValue trials={trials} username={username} /> : null}
          </li>
        ))}
      </ul>
      <PersonSelect
        ariaLabel={texts.pin}
        placeholder={texts.pin}
        value={null}
        keep={false}
        onChange={(username) => username && onPin(username)}
      />
    </Panel>
  );
}

function PersonValue({ trials, username }: { trials: Trials; username: string }) {
  const evaluation = trials.values.get(username)?.evaluation;
  if (!evaluation) return <div className={classes['personValue']}>…</div>;
  if (evaluation.error) {
    return (
      <div className={classes['personValue']} data-wrong>
        {evaluation.error.message}
      </div>
    );
  }
  return (
    <div className={classes['personValue']}>
      <Value value={evaluation.value} />
    </div>
  );
}
