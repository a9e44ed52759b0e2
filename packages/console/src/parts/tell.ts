import { notifications } from '@mantine/notifications';
import { isApiError, isRefusal } from '../api/problem.ts';
import { common, failureTexts } from '../texts/common.ts';

const CLOSE = { 'aria-label': common.close };

/** A short word on what was done; it goes by itself. */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'brand', autoClose: 5_000, closeButtonProps: CLOSE });
}

/** What could not be done and why; it stays until it is closed. */
export async function tellFailure(error: unknown): Promise<void> {
  notifications.show({
    message: await failureMessage(error),
    color: 'red',
    autoClose: false,
    role: 'alert',
    closeButtonProps: CLOSE,
  });
}

/** A failure as one text; a refusal in the words of the console, which come when one is to be told. */
export async function failureMessage(error: unknown): Promise<string> {
  if (!isApiError(error)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'unreachable') return failureTexts.unreachable;
  if (!isRefusal(error)) return error.message;
  const { speak, textOf } = await import('./speak.ts');
  return textOf(speak(error));
}
