import type { Diagnostic } from '../diagnostic.ts';
import type { Place } from '../failure.ts';
import { parseNumber } from '../numbers.ts';
import {
  type Argument,
  asBoolean,
  asList,
  asText,
  type CallSite,
  type Cell,
  type CheckedCall,
  type Evaluate,
  type FunctionEntry,
  findConstant,
  isBlank,
} from './entry.ts';

const condition = { name: 'condition', type: 'boolean' } as const;

/** Two and three conditions, the usual numbers, get a closure of their own, which costs half of a loop. */
const buildAnd: FunctionEntry['build'] = (args) => {
  const conditions = args.map(asBoolean);
  const [a, b, c] = conditions as [Evaluate, Evaluate, Evaluate];
  if (conditions.length === 2) return (record, context) => a(record, context) === true && b(record, context) === true;
  if (conditions.length === 3) {
    return (record, context) =>
      a(record, context) === true && b(record, context) === true && c(record, context) === true;
  }
  return (record, context) => {
    for (const test of conditions) if (test(record, context) !== true) return false;
    return true;
  };
};

const buildOr: FunctionEntry['build'] = (args) => {
  const conditions = args.map(asBoolean);
  const [a, b, c] = conditions as [Evaluate, Evaluate, Evaluate];
  if (conditions.length === 2) return (record, context) => a(record, context) === true || b(record, context) === true;
  if (conditions.length === 3) {
    return (record, context) =>
      a(record, context) === true || b(record, context) === true || c(record, context) === true;
  }
  return (record, context) => {
    for (const test of conditions) if (test(record, context) === true) return true;
    return false;
  };
};

/** A condition that no record can change is a slip: half of the formula can never count. */
function warnOfConstant(argument: Argument | undefined, place: Place | undefined, call: CallSite): void {
  const constant = findConstant(argument);
  if (constant === undefined || place === undefined) return;
  const truth = constant === true ? 'TRUE' : 'never TRUE';
  const message = `This condition of ${call.name} is always ${truth}: a part of the formula can never count.`;
  call.warn({ code: 'unreachable', message, start: place.start, end: place.end });
}

const buildIf: FunctionEntry['build'] = (args, call) => {
  warnOfConstant(args[0], call.arguments[0], call);
  const test = asBoolean(args[0]);
  const [yes, no] = [args[1] as Argument, args[2] as Argument];
  const [runYes, runNo] = [yes.run, no.run];
  return (record, context) => (test(record, context) === true ? runYes(record, context) : runNo(record, context));
};

/** Two evaluations at a time: the condition and the value that it chooses. */
function pairUp(args: readonly Argument[], from: number, to: number): { when: Argument; chosen: Argument }[] {
  const pairs: { when: Argument; chosen: Argument }[] = [];
  for (let at = from; at < to; at += 2) pairs.push({ when: args[at] as Argument, chosen: args[at + 1] as Argument });
  return pairs;
}

const buildIfs: FunctionEntry['build'] = (args, call) => {
  for (let at = 0; at < args.length - 1; at += 2) warnOfConstant(args[at], call.arguments[at], call);
  const pairs = pairUp(args, 0, args.length - 1).map(({ when, chosen }) => ({
    test: asBoolean(when),
    run: chosen.run,
  }));
  const otherwise = (args.at(-1) as Argument).run;
  return (record, context) => {
    for (const pair of pairs) if (pair.test(record, context) === true) return pair.run(record, context);
    return otherwise(record, context);
  };
};

const buildCase: FunctionEntry['build'] = (args) => {
  const subject = (args[0] as Argument).run;
  const otherwise = (args.at(-1) as Argument).run;
  const pairs = pairUp(args, 1, args.length - 1);
  if (pairs.every(({ when }) => when.constant)) return buildConstantCase(subject, pairs, otherwise);
  const cases = pairs.map(({ when, chosen }) => ({ when: when.run, chosen: chosen.run }));
  return (record, context) => {
    const value = subject(record, context);
    for (const { when, chosen } of cases) if (when(record, context) === value) return chosen(record, context);
    return otherwise(record, context);
  };
};

/** With constants to compare with, one look-up instead of a comparison for each; the first of equal constants counts. */
function buildConstantCase(
  subject: Evaluate,
  pairs: { when: Argument; chosen: Argument }[],
  otherwise: Evaluate,
): Evaluate {
  const choices = new Map<Cell, Evaluate>();
  for (const { when, chosen } of pairs) {
    const key = findConstant(when) as Cell;
    if (!choices.has(key)) choices.set(key, chosen.run);
  }
  return (record, context) => (choices.get(subject(record, context)) ?? otherwise)(record, context);
}

const buildIsBlank: FunctionEntry['build'] = ([argument]) => {
  const { run: value, field, type } = argument as Argument;
  if (type === 'text' && field) {
    return (record, context) => {
      const raw = field.read(record);
      return (typeof raw === 'string' ? raw : value(record, context)) === '';
    };
  }
  if (type === 'text') return (record, context) => value(record, context) === '';
  return (record, context) => isBlank(value(record, context));
};

const buildBlankValue: FunctionEntry['build'] = (args) => {
  const [value, substitute] = [(args[0] as Argument).run, (args[1] as Argument).run];
  if (args[0]?.type === 'text') {
    return (record, context) => {
      const first = value(record, context);
      return first === '' ? substitute(record, context) : first;
    };
  }
  return (record, context) => {
    const first = value(record, context);
    return isBlank(first) ? substitute(record, context) : first;
  };
};

/** ISNULL and NULLVALUE never take a text for null: that is what Salesforce's Help says and does. */
function warnOfText(better: string): (call: CheckedCall) => Diagnostic | undefined {
  return (call) => {
    if (call.types[0] !== 'text') return undefined;
    const written = call.types.map((_, index) => call.source(index)).join(', ');
    return {
      code: 'null_of_text',
      message: `${call.name} never takes a text for null, not even a blank one: use ${better}.`,
      start: call.start,
      end: call.end,
      suggestion: `${better}(${written})`,
    };
  };
}

/** The functions that decide. All of them leave what they do not need unevaluated. */
export const logicalFunctions: readonly FunctionEntry[] = [
  {
    name: 'AND',
    family: 'logical',
    parameters: [{ ...condition, repeats: true }],
    returns: 'boolean',
    doc: 'TRUE if all conditions are.',
    examples: [{ formula: 'AND(IsActive, Department = "Finance")', value: true }],
    note: 'A blank condition counts as FALSE. Stops at the first that is not TRUE.',
    build: buildAnd,
  },
  {
    name: 'BLANKVALUE',
    family: 'logical',
    parameters: [
      { name: 'value', type: 'U' },
      { name: 'substitute', type: 'U' },
    ],
    returns: 'U',
    doc: 'The value, or the substitute if the value is blank.',
    examples: [{ formula: 'BLANKVALUE(MobilePhone, Phone)', value: '+49 30 12345' }],
    build: buildBlankValue,
  },
  {
    name: 'CASE',
    family: 'logical',
    parameters: [
      { name: 'expression', type: 'T' },
      { name: 'value', type: 'T', repeats: true },
      { name: 'result', type: 'U', repeats: true },
      { name: 'else', type: 'U' },
    ],
    returns: 'U',
    variables: { T: ['text', 'number', 'boolean', 'date', 'dateTime', 'time'] },
    doc: 'The result beside the first value that the expression is equal to, else the last argument.',
    examples: [{ formula: 'CASE(Country, "DE", "Germany", "FR", "France", "Other")', value: 'Germany' }],
    note: 'Capitals count. A blank is equal to a blank: "" or NULL.',
    build: buildCase,
  },
  {
    name: 'IF',
    family: 'logical',
    parameters: [condition, { name: 'then', type: 'U' }, { name: 'else', type: 'U' }],
    returns: 'U',
    doc: 'One value if the condition is TRUE, the other if it is FALSE or blank.',
    examples: [{ formula: 'IF(IsActive, "active", "left")', value: 'active' }],
    note: 'Only the chosen value is evaluated.',
    build: buildIf,
  },
  {
    name: 'IFS',
    family: 'logical',
    parameters: [
      { ...condition, repeats: true },
      { name: 'value', type: 'U', repeats: true },
      { name: 'else', type: 'U' },
    ],
    returns: 'U',
    doc: 'The value beside the first condition that is TRUE, else the last argument.',
    examples: [{ formula: 'IFS(Level__c >= 5, "senior", Level__c >= 3, "middle", "junior")', value: 'middle' }],
    build: buildIfs,
  },
  {
    name: 'INCLUDES',
    family: 'logical',
    parameters: [
      { name: 'list', type: 'textList' },
      { name: 'entry', type: 'text' },
    ],
    returns: 'boolean',
    doc: 'TRUE if the list has the entry; capitals count.',
    examples: [{ formula: 'INCLUDES(PermissionSetGroups, "Finance")', value: true }],
    build: (args) => {
      const [list, entry] = [asList(args[0]), asText(args[1])];
      const constant = findConstant(args[1]);
      if (typeof constant === 'string') return (record, context) => list(record, context).includes(constant);
      return (record, context) => list(record, context).includes(entry(record, context));
    },
  },
  {
    name: 'ISBLANK',
    family: 'logical',
    parameters: [{ name: 'value', type: 'U' }],
    returns: 'boolean',
    doc: 'TRUE if the value is blank: nothing, an empty text or an empty list.',
    examples: [{ formula: 'ISBLANK(MobilePhone)', value: true }],
    build: buildIsBlank,
  },
  {
    name: 'ISNULL',
    family: 'logical',
    parameters: [{ name: 'value', type: 'U' }],
    returns: 'boolean',
    doc: 'Like ISBLANK, but FALSE for every text, as in Salesforce. Better use ISBLANK.',
    examples: [{ formula: 'ISNULL(EndDate__c)', value: true }],
    check: warnOfText('ISBLANK'),
    build: (args, call) => (args[0]?.type === 'text' ? () => false : buildIsBlank(args, call)),
  },
  {
    name: 'ISNUMBER',
    family: 'logical',
    parameters: [{ name: 'text', type: 'text' }],
    returns: 'boolean',
    doc: 'TRUE if VALUE can read the text as a number; FALSE for a blank.',
    examples: [{ formula: 'ISNUMBER(EmployeeNumber)', value: true }],
    build: ([argument]) => {
      const value = asText(argument);
      return (record, context) => parseNumber(value(record, context)) !== undefined;
    },
  },
  {
    name: 'ISPICKVAL',
    family: 'logical',
    parameters: [
      { name: 'field', type: 'text' },
      { name: 'value', type: 'text' },
    ],
    returns: 'boolean',
    doc: 'TRUE if the field has the value; the same as field = value.',
    examples: [{ formula: 'ISPICKVAL(UserType, "Standard")', value: true }],
    build: (args) => {
      const [value, wanted] = [asText(args[0]), asText(args[1])];
      return (record, context) => value(record, context) === wanted(record, context);
    },
  },
  {
    name: 'NOT',
    family: 'logical',
    parameters: [condition],
    returns: 'boolean',
    doc: 'TRUE if the condition is FALSE, FALSE if it is TRUE.',
    examples: [{ formula: 'NOT(IsActive)', value: false }],
    note: 'A blank condition gives a blank. May be written NOT x or !x.',
    build: ([argument]) => {
      const value = asBoolean(argument);
      return (record, context) => {
        const truth = value(record, context);
        return truth === null ? null : !truth;
      };
    },
  },
  {
    name: 'NULLVALUE',
    family: 'logical',
    parameters: [
      { name: 'value', type: 'U' },
      { name: 'substitute', type: 'U' },
    ],
    returns: 'U',
    doc: 'Like BLANKVALUE, but gives every text back as it is, as in Salesforce. Better use BLANKVALUE.',
    examples: [{ formula: 'NULLVALUE(EndDate__c, DATE(9999, 12, 31))', value: '9999-12-31' }],
    check: warnOfText('BLANKVALUE'),
    build: (args, call) => (args[0]?.type === 'text' ? (args[0] as Argument).run : buildBlankValue(args, call)),
  },
  {
    name: 'OR',
    family: 'logical',
    parameters: [{ ...condition, repeats: true }],
    returns: 'boolean',
    doc: 'TRUE if at least one condition is.',
    examples: [{ formula: 'OR(Country = "DE", Country = "AT", Country = "CH")', value: true }],
    note: 'A blank condition counts as FALSE. Stops at the first that is TRUE.',
    build: buildOr,
  },
  {
    name: 'PICKLISTCOUNT',
    family: 'logical',
    parameters: [{ name: 'list', type: 'textList' }],
    returns: 'number',
    doc: 'The number of entries of a list.',
    examples: [{ formula: 'PICKLISTCOUNT(PermissionSetGroups)', value: 2 }],
    build: ([argument]) => {
      const list = asList(argument);
      return (record, context) => list(record, context).length;
    },
  },
];
