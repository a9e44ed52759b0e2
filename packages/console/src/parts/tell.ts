import { notifications } from '@mantine/notifications';
import { isApiError } from '../api/problem.ts';
import { common, failureTexts } from '../texts/common.ts';

const CLOSE = { 'aria-label': common.close };

/** A short word on what was done; it goes by itself. */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'brand', autoClose: 5_000, closeButtonProps: CLOSE });
}

/** What could not be done and why; it stays until it is closed. */
export function tellFailure(error: unknown): void {
  notifications.show({
    message: failureMessage(error),
    color: 'red',
    autoClose: false,
    role: 'alert',
    closeButtonProps: CLOSE,
  });
}

export function failureMessage(error: unknown): string {
  if (!isApiError(error)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'unreachable') return failureTexts.unreachable;
  const fixes = error.fields.map(({ fix }) => fix).filter((fix) => fix !== '' && !error.message.includes(fix));
  return [error.message, ...new Set(fixes)].join(' ');
}
