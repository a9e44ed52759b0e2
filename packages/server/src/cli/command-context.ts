import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Api, ListPage, Row } from './api.ts';

/** What a command has: the API, and where its answer goes. */
export interface CommandContext {
  api(): Api;
  /** Prints an answer of the API: whole with --json, otherwise as `render` shows it. */
  show<Answer extends Row | ListPage>(answer: Answer, render: (answer: Answer) => string): void;
  /** Part of a file for another program, as it is. */
  write(text: string): void;
  /** Notes for the person, which --json leaves out. */
  note(text: string): void;
  /** The command did what was asked, and the outcome is not what a script may take for success. */
  fail(): void;
}

export type AddCommand = (program: Command, context: CommandContext) => void;

export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return Number(text);
}

/** A date or a date and time; a date alone is its midnight in UTC. */
export function parseMoment(text: string): string {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('Give a date such as 2026-11-23, or a time such as 2026-11-23T09:30:00Z.');
  }
  return time.toISOString();
}

export function addListOptions(command: Command): Command {
  return command.option('--limit <count>', 'most items to show', parseCount, 100);
}

export function describeRest(page: ListPage): string {
  return page.nextCursor === null ? '' : `There are more: raise --limit above ${page.items.length}, or filter.\n`;
}

/** A change at whatever state a record is in: who types a command has not read it before. */
export const ANY_STATE = '*';
