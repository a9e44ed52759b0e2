import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../texts/common.ts';
import classes from './confirm.module.css';
import { FailureText } from './failure.tsx';
import { Notice } from './notice.tsx';

export interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What it does and to how many, before it is done. */
  effect: React.ReactNode;
  /** The act itself: "Deactivate 38 accounts". */
  verb: string;
  danger?: boolean;
  reason?: 'required' | 'optional' | undefined;
  /** To be typed first, where many would suffer. */
  typed?: string | undefined;
  onConfirm: (reason: string | undefined) => Promise<unknown>;
  children?: React.ReactNode;
}

/** Asks before something with an effect is done. Cancel has the focus; a failure stays in the dialog. */
export function Confirm(props: ConfirmProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size="md"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {props.opened ? <ConfirmBody {...props} /> : null}
    </Modal>
  );
}

function ConfirmBody({ onClose, effect, verb, danger, reason, typed, onConfirm, children }: ConfirmProps) {
  const [why, setWhy] = useState('');
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const ready = (reason !== 'required' || why.trim() !== '') && (typed === undefined || word.trim() === typed);
  const confirm = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm(why.trim() === '' ? undefined : why.trim());
      onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={classes['body']}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void confirm();
      }}
    >
      <div className={classes['effect']}>{effect}</div>
      {children}
      {reason === undefined ? null : (
        <Textarea
          label={reason === 'optional' ? `${common.reason} (${common.optional})` : common.reason}
          description={common.reasonHint}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
          required={reason === 'required'}
          maxLength={2000}
        />
      )}
      {typed === undefined ? null : (
        <TextInput
          label={common.typeToConfirm(typed)}
          value={word}
          onChange={(event) => setWord(event.currentTarget.value)}
          autoComplete="off"
        />
      )}
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className={classes['buttons']}>
        <Button onClick={onClose} data-autofocus>
          {common.cancel}
        </Button>
        <Button type="submit" variant="filled" color={danger ? 'red.8' : 'brand'} disabled={!ready} loading={busy}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
