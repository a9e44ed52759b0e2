import { fail, type Place } from '../failure.ts';
import type { CallSite } from './entry.ts';

/** Fails when a text about to be built would be longer than allowed. Called before the memory is taken. */
export function assertTextLength(length: number, call: CallSite): void {
  if (length > call.limits.textLength) failTextLength(length, call.limits.textLength, call.name, call);
}

export function failTextLength(length: number, allowed: number, name: string, place: Place): never {
  fail(
    'text_too_long',
    `${name} would make a text of ${length} characters, ${allowed} are allowed: shorten what goes into it.`,
    place,
  );
}

export function assertListLength(length: number, call: CallSite): void {
  const allowed = call.limits.listLength;
  if (length > allowed) {
    fail(
      'list_too_long',
      `${call.name} would make a list of ${length} entries, ${allowed} are allowed: shorten what goes into it.`,
      call,
    );
  }
}

/** Texts of up to this length are not counted as work: whatever a formula does with them is quick. */
export const FREE_LENGTH = 1000;

/** Counts a function's going through a long text, and fails when one evaluation has gone through too much. */
export function chargeWork(length: number, call: CallSite): void {
  if (length <= FREE_LENGTH) return;
  call.budget.spent += length;
  if (call.budget.spent <= call.limits.textWork) return;
  const message = `The formula goes through more than ${call.limits.textWork} characters of long texts: cut them with LEFT first.`;
  fail('too_much_work', message, call);
}

/** The longest pattern that the engine's own search takes without its worst case (pattern × text) being felt. */
const SHORT_PATTERN = 250;

/**
 * Like `text.indexOf(pattern, from)`, in time linear in the text for patterns of any length. The engine's own search looks
 * at only the last 250 characters of a pattern when it skips, which lets two long texts of one letter take seconds.
 */
export function findText(text: string, pattern: string, from: number): number {
  if (pattern.length <= SHORT_PATTERN) return text.indexOf(pattern, from);
  const fallback = buildFallbacks(pattern);
  let matched = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== code) matched = fallback[matched - 1] as number;
    if (pattern.charCodeAt(matched) === code) matched += 1;
    if (matched === pattern.length) return at - matched + 1;
  }
  return -1;
}

/** Knuth, Morris, Pratt: for each length matched, the longest shorter one that the same characters also match. */
function buildFallbacks(pattern: string): Int32Array {
  const fallback = new Int32Array(pattern.length);
  let matched = 0;
  for (let at = 1; at < pattern.length; at += 1) {
    const code = pattern.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== code) matched = fallback[matched - 1] as number;
    if (pattern.charCodeAt(matched) === code) matched += 1;
    fallback[at] = matched;
  }
  return fallback;
}

/** The places where a non-empty pattern occurs, without overlaps. */
export function findAllText(text: string, pattern: string): number[] {
  const places: number[] = [];
  if (pattern.length <= SHORT_PATTERN) {
    for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length)) places.push(at);
    return places;
  }
  for (let at = findText(text, pattern, 0); at >= 0; at = findText(text, pattern, at + pattern.length)) places.push(at);
  return places;
}

const isHighHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/**
 * Like `text.slice(from, to)` for 0 ≤ from ≤ to, but a character outside the basic plane (an emoji) that a cut would
 * halve is left out, because half a character is text that no target can store.
 */
export function cutText(text: string, from: number, to: number): string {
  const start = from > 0 && isLowHalf(text.charCodeAt(from)) && isHighHalf(text.charCodeAt(from - 1)) ? from + 1 : from;
  const end = to < text.length && isLowHalf(text.charCodeAt(to)) && isHighHalf(text.charCodeAt(to - 1)) ? to - 1 : to;
  return start < end ? text.slice(start, end) : '';
}
