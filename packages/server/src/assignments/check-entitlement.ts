import type { FieldProblem } from '../refusal.ts';
import type { EntitlementDraft, EntitlementKind } from './entitlement.ts';

const NAME_LENGTH: Record<EntitlementKind, number> = {
  profile: 255,
  'permission set': 80,
  'permission set group': 80,
};
const LABEL_LENGTH = 80;
const DESCRIPTION_LENGTH = 255;

/** Salesforce's rule for API names. */
const API_NAME = /^[A-Za-z](?:[A-Za-z0-9]|_(?!_))*$/;

/** What is wrong with the members that are there. */
export function checkEntitlement(kind: EntitlementKind, draft: EntitlementDraft): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { name, label, description } = draft;
  const say = (field: string, problem: string, fix: string) => problems.push({ field, problem, fix });
  if (name !== undefined) checkName(kind, name, say);
  if (label !== undefined) {
    if (label.trim() === '') say('Label', 'is blank', 'Give the label that people read.');
    else checkText('Label', label, LABEL_LENGTH, say);
  }
  if (typeof description === 'string') checkText('Description', description, DESCRIPTION_LENGTH, say);
  return problems;
}

type Say = (field: string, problem: string, fix: string) => void;

function checkName(kind: EntitlementKind, name: string, say: Say): void {
  if (name.trim() === '') say('Name', 'is blank', 'Give a name.');
  else if (kind !== 'profile' && (!API_NAME.test(name) || name.endsWith('_'))) {
    const problem = `${JSON.stringify(name.slice(0, 80))} is not an API name`;
    say('Name', problem, 'Use letters, digits and single underscores, a letter first and no underscore last.');
  } else if (name !== name.trim()) say('Name', 'has a space at its beginning or end', 'Take the space away.');
  else if (/^[1-9]\d{0,8}$/.test(name)) say('Name', 'is a number, which would be taken for an id', 'Add a letter.');
  else checkText('Name', name, NAME_LENGTH[kind], say);
}

function checkText(field: string, text: string, length: number, say: Say): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed()) {
    say(field, 'holds a control character or half a character', 'Take it out.');
  } else if (text.length > length && [...text].length > length) {
    say(field, `has ${[...text].length} characters, and at most ${length} are possible`, `Shorten it to ${length}.`);
  }
}
