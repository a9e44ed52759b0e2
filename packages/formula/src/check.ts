import type { Node } from './ast.ts';
import { checkArguments } from './check-arguments.ts';
import type { Checked, Scope } from './checked.ts';
import { convert } from './convert.ts';
import type { Type } from './functions/entry.ts';
import { otherNames, refusedFunctions } from './functions/refused.ts';
import { allFunctions, findFunction, typeNames } from './functions/table.ts';
import { findNearestName } from './nearest-name.ts';
import { typeBinary } from './operators.ts';

/** Finds the type of a node and reports everything wrong in it. After an error the type is `unknown`, which fits everywhere. */
export function check(node: Node, scope: Scope): Checked {
  switch (node.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return { node, type: node.kind, parts: [] };
    case 'null':
      return { node, type: 'blank', parts: [] };
    case 'field':
      return checkField(node, scope);
    case 'call':
      return checkCall(node, scope);
    case 'unary':
      return checkUnary(node, scope);
    case 'binary':
      return checkBinary(node, scope);
  }
}

function checkField(node: Node & { kind: 'field' }, scope: Scope): Checked {
  const field = scope.schema.find(node.name);
  if (field) return { node, type: field.type, parts: [], field };
  const { start, end } = node;
  const report = (message: string, suggestion?: string) =>
    scope.errors.push({
      code: 'unknown_field',
      message,
      start,
      end,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  const called = findFunction(node.name);
  const paths = scope.schema.fields().map((known) => known.path);
  const nearest =
    findNearestName(node.name, paths) ??
    paths.find((path) => path.toLowerCase().endsWith(`.${node.name.toLowerCase()}`));
  const name = shorten(node.name);
  if (called)
    report(
      `${called.name} is a function: write ${called.name}(…).`,
      called.parameters.length === 0 ? `${called.name}()` : undefined,
    );
  else if (nearest) report(`There is no field "${name}": did you mean ${nearest}?`, nearest);
  else report(`There is no field "${name}": if it is meant as text, put it in quotes.`, `"${node.name}"`);
  return { node, type: 'unknown', parts: [] };
}

const shorten = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

function checkUnary(node: Node & { kind: 'unary' }, scope: Scope): Checked {
  const operand = check(node.operand, scope);
  const type = node.operator === '!' ? 'boolean' : 'number';
  if (operand.type !== type && operand.type !== 'blank' && operand.type !== 'unknown') {
    const message = `${node.operator} takes a ${typeNames[type]} value, not a ${typeNames[operand.type]}.`;
    scope.errors.push({ code: 'type', message, ...convert(operand, type, scope.source) });
  }
  return { node, type, parts: [operand] };
}

function checkBinary(node: Node & { kind: 'binary' }, scope: Scope): Checked {
  const [left, right] = [check(node.left, scope), check(node.right, scope)];
  const type = typeBinary(node.operator, left.type, right.type);
  if (type === undefined) reportOperands(node, left, right, scope);
  else if (node.operator === '=' || node.operator === '<>') warnOfBlank(node, left, right, scope);
  return { node, type: type ?? 'unknown', parts: [left, right] };
}

/** Which operand is the odd one out, and what would make it fit. */
function reportOperands(node: Node & { kind: 'binary' }, left: Checked, right: Checked, scope: Scope): void {
  const { operator, start, end } = node;
  const slice = (part: Checked) => scope.source.slice(part.node.start, part.node.end);
  const pair = `a ${typeNames[left.type]} and a ${typeNames[right.type]}`;
  const lists = [left, right].filter((part) => part.type === 'textList');
  if (lists.length === 1 && (operator === '=' || operator === '<>')) {
    const [list, entry] = left.type === 'textList' ? [left, right] : [right, left];
    const test = `INCLUDES(${slice(list)}, ${slice(entry)})`;
    const message = `${operator} cannot compare ${pair}: use INCLUDES to ask whether the list has the entry.`;
    scope.errors.push({ code: 'type', message, start, end, suggestion: operator === '=' ? test : `NOT(${test})` });
    return;
  }
  const wanted = chooseOperandType(node, left, right);
  const odd = left.type === wanted || left.type === 'blank' ? right : left;
  const action = ['=', '<>', '<', '<=', '>', '>='].includes(operator) ? 'compare' : 'combine';
  const conversion = odd.type === wanted ? { start, end } : convert(odd, wanted, scope.source);
  const hint = conversion.suggestion ? `: write ${shorten(conversion.suggestion)}` : '';
  scope.errors.push({ code: 'type', message: `${operator} cannot ${action} ${pair}${hint}.`, ...conversion });
}

/** The type that both operands most likely should have. */
function chooseOperandType({ operator }: Node & { kind: 'binary' }, left: Checked, right: Checked): Type {
  const types = [left.type, right.type];
  if (operator === '&') return 'text';
  if (operator === '&&' || operator === '||') return 'boolean';
  if (operator === '*' || operator === '/' || operator === '^') return 'number';
  if (types.includes('date') && types.includes('dateTime')) return 'date';
  if (operator === '-') return types.includes('date') ? 'date' : 'number';
  if (operator === '+') return types.includes('text') ? 'text' : 'number';
  // A field keeps its type; what it is compared with is made to fit.
  return left.node.kind === 'field' || left.type !== 'text' ? left.type : right.type;
}

/** Comparing with NULL is never TRUE except for text: people who write it mean ISBLANK. */
function warnOfBlank(node: Node & { kind: 'binary' }, left: Checked, right: Checked, scope: Scope): void {
  const other = left.type === 'blank' ? right : right.type === 'blank' ? left : undefined;
  if (!other || other.type === 'text' || other.type === 'unknown') return;
  const test = `ISBLANK(${scope.source.slice(other.node.start, other.node.end)})`;
  scope.warnings.push({
    code: 'compare_with_blank',
    message: `A comparison with NULL is neither TRUE nor FALSE but blank: use ISBLANK.`,
    start: node.start,
    end: node.end,
    suggestion: node.operator === '=' ? test : `NOT(${test})`,
  });
}

function checkCall(node: Node & { kind: 'call' }, scope: Scope): Checked {
  const parts = node.arguments.map((argument) => check(argument, scope));
  const entry = findFunction(node.name);
  if (!entry) {
    reportUnknownFunction(node, scope);
    return { node, type: 'unknown', parts };
  }
  const type = checkArguments(node, entry, parts, scope);
  if (entry.volatile && !scope.warnings.some((warning) => warning.code === 'volatile')) {
    const message = `${entry.name} makes the value change with time while the user stays the same, so every user is evaluated again each day.`;
    scope.warnings.push({ code: 'volatile', message, start: node.start, end: node.end });
  }
  return { node, type, parts, entry };
}

function reportUnknownFunction(node: Node & { kind: 'call' }, scope: Scope): void {
  const name = node.name.toUpperCase();
  const { start } = node;
  const end = start + node.name.length;
  const refusal = refusedFunctions.get(name);
  if (refusal) {
    scope.errors.push({ code: 'refused_function', message: `${name} is not available: ${refusal}.`, start, end });
    return;
  }
  const other = otherNames.get(name);
  const nearest =
    other ??
    findNearestName(
      name,
      allFunctions.map((entry) => entry.name),
    );
  const hint =
    nearest === '&' ? 'texts are joined with &' : nearest ? `did you mean ${nearest}?` : 'see the list of functions';
  const message = `There is no function ${shorten(node.name)}: ${hint}${hint.endsWith('?') ? '' : '.'}`;
  scope.errors.push({
    code: 'unknown_function',
    message,
    start,
    end,
    ...(nearest && nearest !== '&' ? { suggestion: nearest } : {}),
  });
}
