import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Newest, Rule } from '../../configuration/use-configuration.ts';
import { Notice } from '../../parts/notice.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { Time } from '../../parts/time.tsx';
import { mappingTexts } from '../../texts/mapping.ts';
import classes from './mapping.module.css';
import { type Conflict, mergeDraft, takeMine } from './merge-draft.ts';
import type { Draft } from './use-draft.ts';

const texts = mappingTexts.outdated;
type Side = 'mine' | 'theirs';

/** Somebody saved a version since the draft was begun: both stand side by side, and neither is lost. */
export function OutdatedDraft({ newest, draft }: { newest: Newest; draft: Draft }) {
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const { merged, conflicts } = mergeDraft(draft.before, draft.configuration, newest.configuration);
  const sideOf = ({ target }: Conflict) => chosen[target ?? ''];
  const isDecided = conflicts.every((conflict) => sideOf(conflict) !== undefined);
  const carryOver = () => {
    const mine = conflicts.filter((conflict) => sideOf(conflict) === 'mine');
    draft.rebase(mine.reduce((into, conflict) => takeMine(into, draft.configuration, conflict), merged));
  };
  return (
    <Notice tone="wait" live title={texts.title(newest.version, newest.author)}>
      <p>
        <Time at={newest.createdAt} /> {newest.note ? <q>{newest.note}</q> : null}
      </p>
      <p>{conflicts.length === 0 ? texts.noConflict : texts.conflicts(conflicts.length)}</p>
      {conflicts.length > 0 ? (
        <SimpleTable
          label={texts.label}
          head={[texts.attribute, texts.theirs(newest.version), texts.mine, texts.keep]}
          keys={conflicts.map(({ target }) => target ?? '')}
          rows={conflicts.map((conflict) => [
            conflict.target ?? texts.tests,
            <Formula key="theirs" conflict={conflict} rule={conflict.theirs} />,
            <Formula key="mine" conflict={conflict} rule={conflict.mine} />,
            <SegmentedControl
              key="keep"
              size="xs"
              aria-label={texts.keepOf(conflict.target ?? texts.tests)}
              data={[
                { value: 'theirs', label: texts.sides.theirs },
                { value: 'mine', label: texts.sides.mine },
              ]}
              value={sideOf(conflict) ?? ''}
              onChange={(side) => setChosen({ ...chosen, [conflict.target ?? '']: side as Side })}
            />,
          ])}
        />
      ) : null}
      <div className="row">
        <Button size="xs" variant="filled" disabled={!isDecided} onClick={carryOver}>
          {texts.carryOver(newest.version)}
        </Button>
        {isDecided ? null : <span className="dim">{texts.undecided}</span>}
      </div>
    </Notice>
  );
}

function Formula({ conflict, rule }: { conflict: Conflict; rule: Rule | undefined }) {
  if (conflict.target === null) return <span className="dim">{texts.ownTests}</span>;
  if (!rule) return <span className="dim">{texts.notMapped}</span>;
  return <code className={classes['formula']}>{rule.formula}</code>;
}
