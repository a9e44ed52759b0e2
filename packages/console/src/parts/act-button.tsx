import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';
import { Confirm, type ConfirmProps } from './confirm.tsx';

interface ActButtonProps extends Omit<ButtonProps, 'children'> {
  label: React.ReactNode;
  confirm: Omit<ConfirmProps, 'opened' | 'onClose'>;
}

/** A button whose act is asked about first. */
export function ActButton({ label, confirm, ...button }: ActButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button {...button} onClick={() => setOpened(true)}>
        {label}
      </Button>
      <Confirm {...confirm} opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}
