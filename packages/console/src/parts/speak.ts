import { type ApiError, type Problem, sentence } from '../api/problem.ts';
import { fieldNames } from '../texts/field-names.ts';
import { codeTexts, lacksTexts, type Place, placeTexts } from '../texts/places.ts';
import { keyTexts } from '../texts/settings.ts';

export type Finding = Problem['errors'][number];

/** A finding of the server as the console says it. */
export interface SpokenFinding {
  /** What the page calls the field, with what joins it to the text; the field's own path where no page has a name for it. */
  readonly name: string;
  readonly text: string;
  /** Where it is mended. */
  readonly place: Place | undefined;
}

export interface SpokenRefusal {
  readonly message: string | undefined;
  readonly findings: readonly SpokenFinding[];
}

/** A refusal in the words of the console: names of fields rather than their paths, pages rather than routes and commands. Pure. */
export function speak({ code, message, fields }: Pick<ApiError, 'code' | 'message' | 'fields'>): SpokenRefusal {
  const ofCode = codeTexts[code];
  if (ofCode !== undefined) return { message: ofCode, findings: [] };
  const scope = /lacks the scope ([\w:-]+)\./.exec(message)?.[1];
  if (code === 'forbidden' && scope !== undefined)
    return { message: lacksTexts(keyTexts.scopeNames[scope] ?? scope), findings: [] };
  const rest = fields.reduce((text, { field, problem }) => text.replaceAll(problem, '').replaceAll(field, ''), message);
  const onlyRepeats = !/\p{L}/u.test(rest);
  const spoken = fields.reduce((text, { fix, place }) => (place ? text.replace(fix, '').trim() : text), message);
  return { message: onlyRepeats ? undefined : sentence(spoken), findings: fields.map(speakFinding) };
}

/** Goes on from the name of a field, as a verb does. */
const VERB =
  /^(?:is|are|was|were|has|have|had|holds?|names?|needs?|must|may|can|cannot|does|do|did|contains?|starts?|ends?|gives?|takes?|reads?)\b/;

export function speakFinding({ field, problem, fix, place }: Finding): SpokenFinding {
  const told = place ? placeTexts[place].fix : fix;
  // An address is no field that anybody filled in, and the message names what is not there.
  if (field.startsWith('path.')) return { name: '', text: told, place };
  const name = nameOf(field) ?? field.replace(/^(?:body|query|header)\./, '');
  const isSaid = /^\p{Lu}/u.test(problem) && problem.toLowerCase().includes(name.toLowerCase());
  const text = [/[.!?]$/.test(problem) ? problem : `${problem}.`, told].join(' ').trim();
  return { name: isSaid ? '' : `${name}${VERB.test(problem) ? ' ' : ': '}`, text, place };
}

/** "mapping[3].formula" → "Formula of rule 4" */
export function nameOf(field: string): string | undefined {
  const path = field.replace(/^(?:body|query|header)\./, '');
  const key = path.replace(/\[\d+\]/g, '[]');
  const known = Object.hasOwn(fieldNames, key) ? fieldNames[key] : undefined;
  const number = /\[(\d+)\]/.exec(path)?.[1];
  return known !== undefined && number !== undefined ? `${known} ${Number(number) + 1}` : known;
}

/** "mapping[3].formula: Nme is not a field; trial: No drill" → "Formula of rule 4: Nme is not a field; Start: No drill" */
export function speakPrefixed(text: string): string {
  return text
    .split('; ')
    .map((part) => {
      const [, field, rest] = /^([\w.[\] ]+): (.*)$/su.exec(part) ?? [];
      const name = field === undefined ? undefined : nameOf(field);
      return name === undefined ? part : `${name}: ${rest}`;
    })
    .join('; ');
}

/** As one text, where there is no room for a list. */
export function textOf({ message, findings }: SpokenRefusal): string {
  const told = findings.map(({ name, text }) => `${name}${text}`);
  return [message, ...new Set(told)].filter((part) => part !== undefined && part !== '').join(' ');
}
