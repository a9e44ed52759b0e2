import { Button, Modal } from '@mantine/core';
import { CopyText } from './copy.tsx';
import { Notice } from './notice.tsx';

interface ShownOnceProps {
  title: string;
  body: string;
  /** Absent: nothing is shown. */
  value: string | undefined;
  copy: string;
  stored: string;
  onStored: () => void;
  children?: React.ReactNode;
}

/** A secret that is shown now and never again: the dialog closes only by saying that it was stored. */
export function ShownOnce({ title, body, value, copy, stored, onStored, children }: ShownOnceProps) {
  return (
    <Modal
      opened={value !== undefined}
      onClose={onStored}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {value === undefined ? null : (
        <div className="stack">
          <Notice tone="wait">{body}</Notice>
          <code className="mono break">{value}</code>
          {children}
          <div className="row">
            <CopyText value={value} label={copy} />
            <span className="grow" />
            <Button variant="filled" onClick={onStored}>
              {stored}
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
