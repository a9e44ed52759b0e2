import { Button, type ButtonProps } from '@mantine/core';
import { useRef } from 'react';

interface FilePickProps extends Omit<ButtonProps, 'children'> {
  /** For those who hear it; begins with what is seen. */
  label: string;
  text: string;
  accept: string;
  onPick: (file: File) => void | Promise<void>;
}

/** Takes one file of this machine; the button is what is seen, the browser's own field does the work. */
export function FilePick({ label, text, accept, onPick, ...button }: FilePickProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="xs" {...button} aria-label={label} onClick={() => field.current?.click()}>
        {text}
      </Button>
      <input
        ref={field}
        type="file"
        accept={accept}
        aria-label={label}
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          // The same file may be taken again after it was corrected.
          event.currentTarget.value = '';
          if (file) void onPick(file);
        }}
      />
    </>
  );
}
