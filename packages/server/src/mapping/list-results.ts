import { type Node, parse } from '@usher/formula';
import type { LookupTables } from './mapping-rule.ts';

/** What a formula can come to, as far as its text alone tells. */
export interface PossibleResults {
  /** Constant results with their place in the formula; those of a LOOKUP have the place of its table's name. */
  constants: { value: string | number | boolean; start: number; end: number }[];
  /** Whether one of the results is a blank that is written down. */
  hasBlank: boolean;
  /** Whether there is nothing but these. */
  isComplete: boolean;
}

/** Lists the constants that a formula can give: those at the ends of its IF, CASE, BLANKVALUE and LOOKUP. */
export function listPossibleResults(formula: string, tables: LookupTables): PossibleResults {
  const results: PossibleResults = { constants: [], hasBlank: false, isComplete: true };
  const parsed = parse(formula);
  if (parsed.ok) visit(parsed.ast, tables, results);
  else results.isComplete = false;
  return results;
}

function visit(node: Node, tables: LookupTables, results: PossibleResults): void {
  const { start, end } = node;
  if (node.kind === 'null' || (node.kind === 'text' && node.value === '')) results.hasBlank = true;
  else if (node.kind === 'text' || node.kind === 'number' || node.kind === 'boolean') {
    results.constants.push({ value: node.value, start, end });
  } else if (node.kind === 'call') visitCall(node, tables, results);
  else results.isComplete = false;
}

function visitCall(node: Extract<Node, { kind: 'call' }>, tables: LookupTables, results: PossibleResults): void {
  const parts = node.arguments;
  if (node.name.toUpperCase() === 'LOOKUP') visitLookup(parts[1], tables, results);
  const ends = endsOf(node.name.toUpperCase(), parts);
  if (!ends) results.isComplete &&= node.name.toUpperCase() === 'LOOKUP';
  else for (const end of ends) visit(end, tables, results);
}

/** The arguments that can become the result as they are. */
function endsOf(name: string, parts: Node[]): Node[] | undefined {
  switch (name) {
    case 'IF':
      return parts.slice(1);
    case 'CASE':
      // CASE(expression, value, result, …, otherwise): the results, and the last.
      return parts.filter((_, index) => index > 0 && (index % 2 === 0 || index === parts.length - 1));
    case 'BLANKVALUE':
    case 'NULLVALUE':
      return parts;
    default:
      return undefined;
  }
}

function visitLookup(name: Node | undefined, tables: LookupTables, results: PossibleResults): void {
  // A value that the table does not have is a blank.
  results.hasBlank = true;
  if (name?.kind !== 'text') {
    results.isComplete = false;
    return;
  }
  const { start, end } = name;
  const found = Object.entries(tables).find(([table]) => table.toLowerCase() === name.value.toLowerCase());
  for (const value of new Set(Object.values(found?.[1] ?? {}))) results.constants.push({ value, start, end });
}
