import type { Node } from './ast.ts';
import { matchParameters } from './check-arguments.ts';
import type { Checked } from './checked.ts';
import type { Diagnostic } from './diagnostic.ts';
import { Failure } from './failure.ts';
import {
  type Argument,
  asBoolean,
  asNumber,
  blankOf,
  type CallSite,
  type Cell,
  type Evaluate,
  type FunctionEntry,
  type Parameter,
  type Type,
} from './functions/entry.ts';
import type { Limits } from './limits.ts';
import {
  buildArithmetic,
  buildConcatenation,
  buildEquality,
  buildLogic,
  buildOrder,
  typeNullOperand,
} from './operators.ts';
import { buildFieldReader } from './read-field.ts';

/** What the builder works with. A part that fails without any record is an error of the formula, reported in `errors`. */
export interface Workshop {
  limits: Limits;
  tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  errors: Diagnostic[];
  warnings: Diagnostic[];
  budget: CallSite['budget'];
}

/** The context that constant parts are evaluated in; they do not look at it. */
const NO_CONTEXT = Object.freeze({ now: new Date(0), timeZone: 'UTC' });

/** Longer constants are made anew each time rather than kept, so that a compiled formula stays small. */
const LONGEST_CONSTANT = 1000;

/** Turns a checked node into a closure. `wanted` is the type that a NULL stands for at this place. */
export function build(checked: Checked, wanted: Type, workshop: Workshop): Argument {
  const { node } = checked;
  const type = checked.type === 'blank' ? wanted : checked.type;
  switch (node.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return buildConstant(node.value, type);
    case 'null':
      return buildConstant(blankOf(type), type);
    case 'field': {
      const field = getPart(checked.field);
      return { run: buildFieldReader(field, node, workshop.limits), type, field };
    }
    case 'call':
      return buildCall(checked, node, type, workshop);
    case 'unary':
      return buildUnary(checked, node, type, workshop);
    case 'binary':
      return buildBinary(checked, node, type, workshop);
  }
}

function getPart<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('A formula with errors must not be built.');
  return part;
}

function buildConstant(value: Cell, type: Type): Argument {
  return { run: () => value, type, constant: { value } };
}

function buildUnary(checked: Checked, node: Node & { kind: 'unary' }, type: Type, workshop: Workshop): Argument {
  const operand = build(getPart(checked.parts[0]), type, workshop);
  if (node.operator === '!') {
    const value = asBoolean(operand);
    const run: Evaluate = (record, context) => {
      const truth = value(record, context);
      return truth === null ? null : !truth;
    };
    return fold({ run, type }, [operand], workshop);
  }
  if (node.operator === '+') return operand;
  const value = asNumber(operand);
  const run: Evaluate = (record, context) => {
    const number = value(record, context);
    return number === null ? null : 0 - number;
  };
  return fold({ run, type }, [operand], workshop);
}

function buildBinary(checked: Checked, node: Node & { kind: 'binary' }, type: Type, workshop: Workshop): Argument {
  const [left, right] = [getPart(checked.parts[0]), getPart(checked.parts[1])];
  // Both operands are NULL, so nothing but a blank can come of it.
  if (checked.type === 'blank') return buildConstant(blankOf(type), type);
  if (type === 'text') {
    const parts = flattenConcatenation(checked).map((part) => build(part, 'text', workshop));
    const run = buildConcatenation(parts, node, workshop.limits.textLength);
    return fold({ run, type }, parts, workshop);
  }
  const known = left.type === 'blank' ? right.type : left.type;
  const nullType = known === 'blank' ? type : typeNullOperand(node.operator, known);
  const [first, second] = [build(left, nullType, workshop), build(right, nullType, workshop)];
  return fold({ run: buildOperator(node, first, second), type }, [first, second], workshop);
}

function buildOperator(node: Node & { kind: 'binary' }, left: Argument, right: Argument): Evaluate {
  switch (node.operator) {
    case '&&':
    case '||':
      return buildLogic(node.operator, left, right);
    case '=':
    case '<>':
      return buildEquality(node.operator === '=', left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return buildOrder(node.operator, left, right);
    default:
      return buildArithmetic(node.operator, left, right, node);
  }
}

/** The parts of a & b & c…, in order: one closure for the whole chain instead of one for each operator. */
function flattenConcatenation(checked: Checked): Checked[] {
  const parts: Checked[] = [];
  let rest = checked;
  while (rest.node.kind === 'binary' && rest.type === 'text') {
    parts.push(getPart(rest.parts[1]));
    rest = getPart(rest.parts[0]);
  }
  parts.push(rest);
  return parts.reverse();
}

function buildCall(checked: Checked, node: Node & { kind: 'call' }, type: Type, workshop: Workshop): Argument {
  const entry = getPart(checked.entry);
  const getNullType = findNullTypes(entry, checked, type);
  const args = checked.parts.map((part, index) => build(part, getNullType(index), workshop));
  const call: CallSite = {
    name: entry.name,
    type,
    limits: workshop.limits,
    budget: workshop.budget,
    tables: workshop.tables,
    arguments: node.arguments,
    warn: (warning) => workshop.warnings.push(warning),
    start: node.start,
    end: node.end,
  };
  const run = buildSafely(() => entry.build(args, call), type, workshop);
  if (entry.volatile || entry.contextual) return { run, type };
  return fold({ run, type }, args, workshop);
}

/** What a NULL stands for as the argument at an index. */
type NullTypes = (index: number) => Type;

/** It is the type of the parameter, or what the parameter's variable stands for in this call. */
function findNullTypes(entry: FunctionEntry, checked: Checked, result: Type): NullTypes {
  const parameters = getPart(matchParameters(entry, checked.parts.length));
  const bound = new Map<Parameter['type'], Type>();
  for (const [index, part] of checked.parts.entries()) {
    const { type } = getPart(parameters[index]);
    if (part.type !== 'blank' && !bound.has(type)) bound.set(type, part.type);
  }
  return (index) => {
    const { type } = getPart(parameters[index]);
    if (typeof type !== 'string') return type[0] as Type;
    if (type !== 'T' && type !== 'U') return type;
    return bound.get(type) ?? (entry.returns === type ? result : 'text');
  };
}

/** A function may refuse constant arguments (a pattern that cannot be compiled): that is an error of the formula. */
function buildSafely(make: () => Evaluate, type: Type, workshop: Workshop): Evaluate {
  try {
    return make();
  } catch (problem) {
    report(problem, workshop);
    return () => blankOf(type);
  }
}

function report(problem: unknown, workshop: Workshop): void {
  if (!(problem instanceof Failure)) throw problem;
  const { code, message, start, end } = problem.error;
  workshop.errors.push({ code: code === 'regex' ? 'regex' : 'constant', message, start, end });
}

/** Evaluates a part whose arguments are all constant now rather than for every record, which also finds its errors now. */
function fold(argument: Argument, parts: readonly Argument[], workshop: Workshop): Argument {
  if (!parts.every((part) => part.constant)) return argument;
  try {
    const value = argument.run(undefined, NO_CONTEXT);
    const isLong = typeof value === 'string' || Array.isArray(value) ? value.length > LONGEST_CONSTANT : false;
    return isLong ? argument : buildConstant(value, argument.type);
  } catch (problem) {
    report(problem, workshop);
    return buildConstant(blankOf(argument.type), argument.type);
  }
}
