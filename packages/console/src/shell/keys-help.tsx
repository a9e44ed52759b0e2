import { Kbd, Modal } from '@mantine/core';
import { common } from '../texts/common.ts';
import { shellTexts } from '../texts/shell.ts';
import classes from './keys-help.module.css';

const { keys } = shellTexts;
const LIST: readonly [string[], string][] = [
  [['Ctrl', 'K'], keys.palette],
  [['/'], keys.filter],
  [['?'], keys.help],
  [['j'], keys.next],
  [['k'], keys.previous],
  [['Enter'], keys.open],
  [['Esc'], keys.close],
  [['x'], keys.choose],
  [['r'], keys.release],
  [['e'], keys.reject],
  [['s'], keys.snooze],
  [['['], keys.previousTab],
  [[']'], keys.nextTab],
  [['g', 'o'], keys.goOverview],
  [['g', 'a'], keys.goApps],
  [['g', 'u'], keys.goUsers],
  [['g', 'h'], keys.goHolds],
  [['g', 'l'], keys.goLog],
  [['g', 'd'], keys.goAudit],
];

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={shellTexts.keysTitle}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <dl className={classes['keys']}>
        {LIST.map(([pressed, what]) => (
          <div key={what}>
            <dt>
              {pressed.map((key, index) => (
                <span key={key}>
                  {index > 0 && pressed[0] === 'g' ? <span className="dim"> {shellTexts.thenKey} </span> : null}
                  {index > 0 && pressed[0] !== 'g' ? ' + ' : null}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="dim">{shellTexts.keysNote}</p>
    </Modal>
  );
}
