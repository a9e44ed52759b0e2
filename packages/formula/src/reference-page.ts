import type { Family, FunctionEntry, Parameter } from './functions/entry.ts';
import { refusedFunctions } from './functions/refused.ts';
import { allFunctions, spellSignature, typeNames } from './functions/table.ts';
import { defaultLimits } from './limits.ts';
import { sampleContext, sampleRows, sampleTables } from './reference-sample.ts';

const families: readonly [Family, string, string][] = [
  ['text', 'Text', ''],
  ['logical', 'Conditions and lists', 'Values that are not needed are not evaluated.'],
  ['date', 'Dates and times', 'A blank argument gives a blank.'],
  ['math', 'Numbers', 'A blank argument gives a blank.'],
  [
    'extension',
    'Extensions',
    'Salesforce does not have these. A formula that uses none of them can be moved to Salesforce and back.',
  ],
];

/** A text inside a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A value as the page prints it: JSON, which tells "3" from 3 and shows a blank as null. */
const spellValue = (value: unknown): string => JSON.stringify(value);

function spellParameterType({ type }: Parameter): string {
  if (type === 'T' || type === 'U') return 'any type';
  return (typeof type === 'string' ? [type] : type).map((one) => typeNames[one]).join(' or ');
}

function spellTypes(entry: FunctionEntry): string {
  const inputs = entry.parameters.map((parameter) => `${parameter.name}: ${spellParameterType(parameter)}`);
  const returns = entry.returns;
  const output = returns === 'U' || returns === 'T' ? 'the type of the values' : typeNames[returns];
  return `${inputs.length > 0 ? `${inputs.join('; ')}. ` : ''}Gives: ${output}.`;
}

function writeFunction(entry: FunctionEntry): string {
  const examples = entry.examples.map(({ formula, value }) => `${formula}\n  → ${spellValue(value)}`);
  return [
    `### ${entry.name}`,
    `\`${spellSignature(entry)}\``,
    `${entry.doc}${entry.note ? ` ${entry.note}` : ''}`,
    spellTypes(entry) + (entry.volatile ? ' The value changes with time.' : ''),
    `\`\`\`\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function writeFamily([family, title, introduction]: readonly [Family, string, string]): string {
  const entries = allFunctions.filter((entry) => entry.family === family);
  return [`## ${title}`, ...(introduction ? [introduction] : []), ...entries.map(writeFunction)].join('\n\n');
}

const basics = `# Formulas

<!-- Generated from the function table by packages/formula/generate-reference.ts. Do not edit. -->

A formula says what value an attribute of an account gets from the fields of a user. The language is that of Salesforce's
formula fields. The shortest formula is the name of a field (\`Email\`); a text in quotes is a constant (\`"EMEA"\`).

## The language in short

- **Fields** are written by name, whatever the case; fields of related records with a dot: \`Manager.Email\`, \`Profile.Name\`.
- **Texts** stand in straight quotes, double or single. Inside, \`\\n\`, \`\\t\`, \`\\"\`, \`\\'\` and \`\\\\\` are a line break, a tab, the quotes and a backslash.
- **Other values**: numbers with a point (\`1250.5\`, at most 15 digits), \`TRUE\`, \`FALSE\`, \`NULL\`.
- **Functions** are written with parentheses, whatever the case: \`LEFT(FirstName, 1)\`.
- **Comments** stand between \`/*\` and \`*/\`.

| Operators, tightest first | |
|---|---|
| \`-x\` \`!x\` \`NOT x\` | sign; not |
| \`*\` \`/\` | numbers |
| \`^\` | power; with \`*\` or \`/\` beside it, parentheses are required |
| \`+\` \`-\` \`&\` | numbers; days added to dates and date/times, milliseconds to times; \`&\` and \`+\` join texts |
| \`<\` \`<=\` \`>\` \`>=\` | order |
| \`=\` \`==\` \`<>\` \`!=\` | equal, not equal; capitals count |
| \`&&\` | and |
| \`\\|\\|\` | or |

**Blanks.** An empty text, an empty list and a missing value are all blank.

- Joining texts leaves blanks out.
- Calculating and comparing with a blank gives a blank. Only for texts, \`=\` and \`<>\` take a blank as the text \`""\`.
- \`IF\`, \`AND\`, \`OR\`, \`&&\` and \`||\` take a blank as FALSE; \`NOT\` of a blank is blank.
- What the account gets when the whole formula is blank is a setting of the attribute's rule, not of the formula.

**Errors.** A misspelt name, a wrong type or an impossible constant is an error when the formula is saved, with its place.
What only a user's values can cause (\`VALUE\` of a text that is no number, a division by 0) is an error of that attribute for
that user, never a silent wrong value.

**Numbers** have 15 significant digits: \`0.1 + 0.2 = 0.3\` is TRUE.

**Limits.** ${defaultLimits.sourceLength} characters, ${defaultLimits.depth} levels of nesting and ${defaultLimits.nodes} parts a formula;
${defaultLimits.textLength} characters a text; ${defaultLimits.listLength} entries a list. Regular expressions are RE2's and take time in
proportion to the text.`;

function writeSample(): string {
  const rows = sampleRows.map(
    ({ path, type, value }) => `| \`${path}\` | ${typeNames[type]} | ${cell(spellValue(value))} |`,
  );
  const tables = Object.entries(sampleTables).map(([name, entries]) => `\`${name}\` = ${spellValue(entries)}`);
  return [
    '## The examples',
    `All examples below are about this user, at ${sampleContext.now.toISOString()} in ${sampleContext.timeZone}. Values are written as JSON; \`null\` is a blank.`,
    ['| Field | Type | Value |', '|---|---|---|', ...rows].join('\n'),
    `Tables for LOOKUP: ${tables.join('; ')}.`,
  ].join('\n\n');
}

function writeRefused(): string {
  const rows = [...refusedFunctions].map(([name, reason]) => `| ${name} | ${cell(reason)} |`);
  const introduction =
    'These functions of Salesforce depend on pages, reports or changes, which a mapping does not have.';
  return [
    '## Not available',
    introduction,
    ['| Function | Why, and what to use |', '|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

/** The whole reference page of the language, from the function table alone: the page cannot say what the code does not do. */
export function writeReferencePage(): string {
  return `${[basics, writeSample(), ...families.map(writeFamily), writeRefused()].join('\n\n')}\n`;
}
