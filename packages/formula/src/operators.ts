import type { BinaryOperator } from './ast.ts';
import { DAY_MS, isDayInRange, isMomentInRange } from './calendar.ts';
import { fail, type Place } from './failure.ts';
import { type Argument, asBoolean, asNumber, asText, type Evaluate, type Type } from './functions/entry.ts';
import { settle } from './numbers.ts';

const ordered: readonly Type[] = ['number', 'date', 'dateTime', 'time', 'text'];
const comparable: readonly Type[] = [...ordered, 'boolean'];
const moments: readonly Type[] = ['date', 'dateTime', 'time'];

/** The type that two operands share, NULL fitting every type; undefined when they do not go together. */
function share(left: Type, right: Type, allowed: readonly Type[]): Type | undefined {
  const type = left === 'blank' ? right : left;
  if (type === 'blank') return 'blank';
  return allowed.includes(type) && (right === 'blank' || right === type) ? type : undefined;
}

function typeSum(left: Type, right: Type): Type | undefined {
  const same = share(left, right, ['number', 'text']);
  if (same) return same;
  if (moments.includes(left) && (right === 'number' || right === 'blank')) return left;
  return (right === 'date' || right === 'dateTime') && (left === 'number' || left === 'blank') ? right : undefined;
}

function typeDifference(left: Type, right: Type): Type | undefined {
  const same = share(left, right, ['number']);
  if (same) return same;
  if (!moments.includes(left)) return left === 'blank' && moments.includes(right) ? 'number' : undefined;
  if (left === right) return 'number';
  return right === 'number' || right === 'blank' ? left : undefined;
}

/** The type of an operator's result, or undefined when its operands do not fit. `unknown` fits everything. */
export function typeBinary(operator: BinaryOperator, left: Type, right: Type): Type | undefined {
  const isUnknown = left === 'unknown' || right === 'unknown';
  switch (operator) {
    case '+':
      return isUnknown ? 'unknown' : typeSum(left, right);
    case '-':
      return isUnknown ? 'unknown' : typeDifference(left, right);
    case '*':
    case '/':
    case '^':
      return isUnknown || share(left, right, ['number']) ? 'number' : undefined;
    case '&':
      return isUnknown || share(left, right, ['text']) ? 'text' : undefined;
    case '&&':
    case '||':
      return isUnknown || share(left, right, ['boolean']) ? 'boolean' : undefined;
    case '=':
    case '<>':
      return isUnknown || share(left, right, comparable) ? 'boolean' : undefined;
    default:
      return isUnknown || share(left, right, ordered) ? 'boolean' : undefined;
  }
}

/** What a NULL beside an operand of the given type stands for. */
export function typeNullOperand(operator: BinaryOperator, other: Type): Type {
  if (operator === '&' || other === 'text') return 'text';
  return operator === '&&' || operator === '||' ? 'boolean' : 'number';
}

/** Joins the parts of a chain of & (or + on text) in one step; the length is checked before the text is made. */
export function buildConcatenation(parts: readonly Argument[], place: Place, most: number): Evaluate<string> {
  const [first, second, third] = parts.map(asText) as [Evaluate<string>, Evaluate<string>, Evaluate<string>];
  const refuse = (length: number): never =>
    fail(
      'text_too_long',
      `& would make a text of ${length} characters, ${most} are allowed: shorten what goes into it.`,
      place,
    );
  if (parts.length === 2) {
    return (record, context) => {
      const [left, right] = [first(record, context), second(record, context)];
      return left.length + right.length > most ? refuse(left.length + right.length) : left + right;
    };
  }
  if (parts.length === 3) {
    return (record, context) => {
      const left = first(record, context);
      const middle = second(record, context);
      const right = third(record, context);
      const length = left.length + middle.length + right.length;
      return length > most ? refuse(length) : left + middle + right;
    };
  }
  const runs = parts.map(asText);
  return (record, context) => {
    let result = '';
    for (const run of runs) {
      const part = run(record, context);
      if (result.length + part.length > most) refuse(result.length + part.length);
      result += part;
    }
    return result;
  };
}

type Arithmetic = (left: number, right: number, place: Place) => number;

const divide: Arithmetic = (left, right, place) => {
  if (right === 0) fail('division_by_zero', 'The formula divides by 0: test the divisor first, with IF.', place);
  return settle(left / right, place);
};

function raise(left: number, right: number, place: Place): number {
  const result = left ** right;
  if (Number.isNaN(result))
    fail('out_of_range', `${left} cannot be raised to ${right}: the result is not a number.`, place);
  return settle(result, place);
}

const keepDay = (day: number, place: Place): number =>
  isDayInRange(day) ? day : fail('out_of_range', 'The date leaves the years 1 to 9999.', place);

const keepMoment = (moment: number, place: Place): number =>
  isMomentInRange(moment) ? moment : fail('out_of_range', 'The date/time leaves the years 1 to 9999.', place);

const wrapDay = (ms: number): number => ((ms % DAY_MS) + DAY_MS) % DAY_MS;

/** Adding a number (of days, or of milliseconds to a time) to each type; fractions of a day count for date/times only. */
const shifts: Partial<Record<Type, Arithmetic>> = {
  number: (value, amount, place) => settle(value + amount, place),
  date: (value, amount, place) => keepDay(value + Math.trunc(amount), place),
  dateTime: (value, amount, place) => keepMoment(value + Math.round(amount * DAY_MS), place),
  time: (value, amount) => wrapDay(value + Math.trunc(amount)),
};

/** What lies between two values of each type: days, or milliseconds of two times, which go over midnight. */
const differences: Partial<Record<Type, Arithmetic>> = {
  dateTime: (left, right, place) => settle((left - right) / DAY_MS, place),
  time: (left, right) => wrapDay(left - right),
};

/** The rule for two operands of known types; the operands' order has been made left to right, a moment first. */
function chooseArithmetic(operator: BinaryOperator, left: Type, right: Type): Arithmetic {
  const subtract: Arithmetic = (one, other, place) => settle(one - other, place);
  switch (operator) {
    case '+':
      return shifts[left] as Arithmetic;
    case '-': {
      if (left === right) return differences[left] ?? subtract;
      const shift = shifts[left] as Arithmetic;
      return (one, other, place) => shift(one, -other, place);
    }
    case '*':
      return (one, other, place) => settle(one * other, place);
    case '/':
      return divide;
    default:
      return raise;
  }
}

/** The arithmetic operators; a blank operand gives a blank. */
export function buildArithmetic(operator: BinaryOperator, left: Argument, right: Argument, place: Place): Evaluate {
  const isSwapped = operator === '+' && moments.includes(right.type);
  const [first, second] = isSwapped ? [right, left] : [left, right];
  const known = (type: Type): Type => (type === 'blank' ? 'number' : type);
  const rule = chooseArithmetic(operator, known(first.type), known(second.type));
  const [runFirst, runSecond] = [asNumber(first), asNumber(second)];
  return (record, context) => {
    const one = runFirst(record, context);
    const other = runSecond(record, context);
    return one === null || other === null ? null : rule(one, other, place);
  };
}

/** && and ||: a blank counts as FALSE, and the right side is evaluated only if it matters. */
export function buildLogic(operator: '&&' | '||', left: Argument, right: Argument): Evaluate {
  const [first, second] = [asBoolean(left), asBoolean(right)];
  if (operator === '&&')
    return (record, context) => first(record, context) === true && second(record, context) === true;
  return (record, context) => first(record, context) === true || second(record, context) === true;
}

/** = and <>: text treats a blank as "", for other types a blank on either side gives a blank. */
export function buildEquality(isEqual: boolean, left: Argument, right: Argument): Evaluate {
  const [first, second] = [left.run, right.run];
  if (left.type === 'text' || right.type === 'text') return buildTextEquality(isEqual, left, right);
  return (record, context) => {
    const one = first(record, context);
    const other = second(record, context);
    return one === null || other === null ? null : (one === other) === isEqual;
  };
}

/** Comparing with a constant is what most conditions do, so it has closures of its own; so it is for the orders below. */
function buildTextEquality(isEqual: boolean, left: Argument, right: Argument): Evaluate {
  const [first, second] = [left.run, right.run];
  if (right.constant) {
    const wanted = right.constant.value;
    const { field } = left;
    if (field && isEqual) {
      return (record, context) => {
        const raw = field.read(record);
        return (typeof raw === 'string' ? raw : first(record, context)) === wanted;
      };
    }
    if (isEqual) return (record, context) => first(record, context) === wanted;
    return (record, context) => first(record, context) !== wanted;
  }
  if (isEqual) return (record, context) => first(record, context) === second(record, context);
  return (record, context) => first(record, context) !== second(record, context);
}

type Order = '<' | '<=' | '>' | '>=';
const mirrored: Readonly<Record<Order, Order>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The orders: a blank on either side gives a blank. Text is ordered by its characters' numbers, capitals first. */
export function buildOrder(operator: Order, left: Argument, right: Argument): Evaluate {
  const isText = left.type === 'text' || right.type === 'text';
  if (!isText && right.constant && right.constant.value !== null) {
    return buildOrderWith(operator, left, right.constant.value as number);
  }
  if (!isText && left.constant && left.constant.value !== null) {
    return buildOrderWith(mirrored[operator], right, left.constant.value as number);
  }
  const swap = operator === '>' || operator === '>=';
  const [first, second] = (swap ? [right.run, left.run] : [left.run, right.run]) as [
    Evaluate<number>,
    Evaluate<number>,
  ];
  const blank = (isText ? '' : null) as number | null;
  const orEqual = operator === '<=' || operator === '>=';
  return (record, context) => {
    const one = first(record, context);
    const other = second(record, context);
    if (one === blank || other === blank) return null;
    return orEqual ? one <= other : one < other;
  };
}

function buildOrderWith(operator: Order, argument: Argument, bound: number): Evaluate {
  const run = asNumber(argument);
  switch (operator) {
    case '<':
      return (record, context) => {
        const value = run(record, context);
        return value === null ? null : value < bound;
      };
    case '<=':
      return (record, context) => {
        const value = run(record, context);
        return value === null ? null : value <= bound;
      };
    case '>':
      return (record, context) => {
        const value = run(record, context);
        return value === null ? null : value > bound;
      };
    case '>=':
      return (record, context) => {
        const value = run(record, context);
        return value === null ? null : value >= bound;
      };
  }
}
