import type { Node } from './ast.ts';
import type { Checked, Scope } from './checked.ts';
import { convert } from './convert.ts';
import type { CheckedCall, FunctionEntry, Parameter, Type, TypeVariable } from './functions/entry.ts';
import { spellSignature, typeNames } from './functions/table.ts';

type Call = Node & { kind: 'call' };

const isVariable = (type: Parameter['type']): type is TypeVariable => type === 'T' || type === 'U';

/** Every type that a variable takes when its function does not say. */
const VALUES: readonly Type[] = ['text', 'number', 'boolean', 'date', 'dateTime', 'time', 'textList'];

/** The parameters that the arguments of a call stand for, one each; undefined when their number is wrong. */
export function matchParameters(entry: FunctionEntry, count: number): readonly Parameter[] | undefined {
  const { parameters } = entry;
  const first = parameters.findIndex((parameter) => parameter.repeats);
  if (first < 0) {
    const least = parameters.filter((parameter) => !parameter.optional).length;
    return count >= least && count <= parameters.length ? parameters.slice(0, count) : undefined;
  }
  const group = parameters.filter((parameter) => parameter.repeats);
  const repeated = count - (parameters.length - group.length);
  if (repeated < group.length || repeated % group.length !== 0) return undefined;
  const middle = Array.from({ length: repeated }, (_, index) => group[index % group.length] as Parameter);
  return [...parameters.slice(0, first), ...middle, ...parameters.slice(first + group.length)];
}

/** Checks the number and types of a call's arguments, and gives the type of its result. */
export function checkArguments(node: Call, entry: FunctionEntry, parts: readonly Checked[], scope: Scope): Type {
  const parameters = matchParameters(entry, parts.length);
  if (!parameters) {
    const message = `${entry.name} is written ${spellSignature(entry)}, but has ${countArguments(parts.length)} here.`;
    scope.errors.push({ code: 'arity', message, start: node.start, end: node.end });
    return isVariable(entry.returns) ? 'unknown' : entry.returns;
  }
  const bound = new Map<TypeVariable, Type>();
  for (const [index, part] of parts.entries()) checkArgument(part, parameters[index] as Parameter, entry, bound, scope);
  const call = describeCall(node, entry, parts, scope);
  const finding = entry.check?.(call);
  if (finding) (finding.code === 'null_of_text' ? scope.warnings : scope.errors).push(finding);
  return isVariable(entry.returns) ? (bound.get(entry.returns) ?? 'unknown') : entry.returns;
}

const countArguments = (count: number): string => (count === 1 ? '1 argument' : `${count} arguments`);

function describeCall(node: Call, entry: FunctionEntry, parts: readonly Checked[], scope: Scope): CheckedCall {
  const find = (index: number): Node | undefined => node.arguments[index];
  return {
    name: entry.name,
    types: parts.map((part) => part.type),
    arguments: node.arguments,
    source: (index) => scope.source.slice(find(index)?.start, find(index)?.end),
    literal: (index) => {
      const argument = find(index);
      return argument?.kind === 'text' ? argument.value : undefined;
    },
    tables: scope.tables,
    start: node.start,
    end: node.end,
  };
}

function checkArgument(
  part: Checked,
  parameter: Parameter,
  entry: FunctionEntry,
  bound: Map<TypeVariable, Type>,
  scope: Scope,
): void {
  const { type } = parameter;
  if (isVariable(type)) {
    bindVariable(part, parameter, type, entry, bound, scope);
    return;
  }
  const allowed: readonly Type[] = typeof type === 'string' ? [type] : type;
  if (part.type === 'unknown' || part.type === 'blank' || allowed.includes(part.type)) return;
  reportArgument(part, parameter, entry, allowed, scope);
}

/** The first argument that is not NULL decides what a variable stands for; the others must agree. */
function bindVariable(
  part: Checked,
  parameter: Parameter,
  variable: TypeVariable,
  entry: FunctionEntry,
  bound: Map<TypeVariable, Type>,
  scope: Scope,
): void {
  const decided = bound.get(variable);
  const isOpen = decided === undefined || decided === 'blank';
  if (part.type === 'blank' || part.type === 'unknown') {
    if (isOpen) bound.set(variable, decided === 'blank' && part.type === 'blank' ? 'blank' : part.type);
    return;
  }
  const allowed = entry.variables?.[variable] ?? VALUES;
  if (!allowed.includes(part.type)) reportArgument(part, parameter, entry, allowed, scope);
  else if (isOpen || decided === 'unknown') bound.set(variable, part.type);
  else if (decided !== part.type) reportArgument(part, parameter, entry, [decided], scope);
}

function reportArgument(
  part: Checked,
  parameter: Parameter,
  entry: FunctionEntry,
  allowed: readonly Type[],
  scope: Scope,
): void {
  const conversion = convert(part, allowed[0] as Type, scope.source);
  const hint = conversion.suggestion && conversion.suggestion.length <= 60 ? `: write ${conversion.suggestion}` : '';
  const wanted = allowed.length > 4 ? 'another type of value' : allowed.map((type) => typeNames[type]).join(' or ');
  const message = `"${parameter.name}" of ${entry.name} must be ${wanted} here, but is ${typeNames[part.type]}${hint}.`;
  scope.errors.push({ code: 'type', message, ...conversion });
}
