import { z } from 'zod';

/** A moment as the API writes it: UTC with milliseconds. */
export const timeOut = z.iso.datetime();

/** A moment that a caller gives, with its zone. */
export const timeIn = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export function writeTime(time: Date): string;
export function writeTime(time: Date | null): string | null;
export function writeTime(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
