import { RE2JS } from 're2js';
import { fail, quote } from '../failure.ts';
import { chargeWork } from './bounds.ts';
import { asText, type CallSite, type FunctionEntry, findConstant } from './entry.ts';

/** Patterns longer than this would take longer to compile than a record may take. */
const LONGEST_PATTERN = 1000;
/** The largest compiled pattern, about 10 ms of compiling. An address pattern with {1,64} and {1,255} has 650 states. */
const LARGEST_PROGRAM = 2000;

interface Pattern {
  regex: RE2JS;
  size: number;
}

function compilePattern(pattern: string, call: CallSite): Pattern {
  const place = call.arguments[1] ?? call;
  if (pattern.length > LONGEST_PATTERN) {
    fail('regex', `The pattern has ${pattern.length} characters, ${LONGEST_PATTERN} are allowed.`, place);
  }
  if (estimateStates(pattern) > LARGEST_PROGRAM) {
    fail('regex', 'The pattern repeats too much: use smaller numbers in { }.', place);
  }
  try {
    const regex = RE2JS.compile(pattern);
    return { regex, size: regex.programSize() };
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    const reason = /\(\?<?[=!]|\\[1-9]/.test(pattern)
      ? 'look-around and back-references are not supported'
      : problem.message;
    return fail('regex', `The pattern ${quote(pattern)} cannot be used: ${reason}.`, place);
  }
}

/**
 * How many states a pattern will have at most, found before it is compiled, since compiling writes the repetitions of { }
 * out. One for each character or class, times the counts around it. Too high for a brace that is not a count; that is safe.
 */
export function estimateStates(pattern: string): number {
  const outer: number[] = [];
  let total = 0;
  let last = 0;
  for (const [token, low, high] of pattern.matchAll(
    /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/g,
  )) {
    if (token === '(') {
      outer.push(total);
      total = 0;
      last = 0;
    } else if (token === ')') {
      last = total + 2;
      total = (outer.pop() ?? 0) + last;
    } else if (low !== undefined) {
      const repeated = last * Math.max(1, Number(low), Number(high || 0));
      total += repeated - last;
      last = repeated;
    } else {
      last = 1;
      total += 1;
    }
  }
  return outer.reduce((sum, part) => sum + part, total);
}

function match(pattern: Pattern, text: string, call: CallSite): boolean {
  if (text.length * pattern.size > call.limits.regexSteps) {
    const most = Math.floor(call.limits.regexSteps / pattern.size);
    fail(
      'regex',
      `The text has ${text.length} characters, this pattern may be used on ${most}: cut it with LEFT first.`,
      call,
    );
  }
  chargeWork((text.length * pattern.size) / 10, call);
  return pattern.regex.testExact(text);
}

/** REGEX, on RE2: time linear in the text whatever the pattern. */
export const regexFunctions: readonly FunctionEntry[] = [
  {
    name: 'REGEX',
    family: 'text',
    parameters: [
      { name: 'text', type: 'text' },
      { name: 'pattern', type: 'text' },
    ],
    returns: 'boolean',
    doc: 'TRUE if the whole text matches the regular expression.',
    examples: [{ formula: 'REGEX(EmployeeNumber, "\\\\d{4,6}")', value: true }],
    note: 'RE2 syntax: no look-around, no back-references. A backslash is written twice. To match a part, put .* around it.',
    build: (args, call) => {
      const [value, source] = [asText(args[0]), asText(args[1])];
      const constant = findConstant(args[1]);
      if (typeof constant === 'string') {
        const pattern = compilePattern(constant, call);
        return (record, context) => match(pattern, value(record, context), call);
      }
      let last: { source: string; pattern: Pattern } | undefined;
      return (record, context) => {
        const text = source(record, context);
        if (last?.source !== text) last = { source: text, pattern: compilePattern(text, call) };
        return match(last.pattern, value(record, context), call);
      };
    },
  },
];
