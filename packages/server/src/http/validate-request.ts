import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { FieldProblem } from '../refusal.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A part of a request does not fit its schema. Fastify adds which part. */
export class RequestInvalidError extends Error {
  readonly issues: readonly Issue[];
  readonly sent: unknown;
  validationContext?: 'body' | 'querystring' | 'params' | 'headers';

  constructor(issues: readonly Issue[], sent: unknown) {
    super('The request does not fit its schema');
    this.name = 'RequestInvalidError';
    this.issues = issues;
    this.sent = sent;
  }
}

export const validateWithZod: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (sent) => {
    const result = schema.safeParse(sent);
    return result.success ? { value: result.data } : { error: new RequestInvalidError(result.error.issues, sent) };
  };

const PREFIX = { body: [], querystring: ['query'], params: ['path'], headers: ['header'] } as const;

/** Each wrong field with what is wrong and what to send instead. */
export function describeInvalidRequest(error: RequestInvalidError): FieldProblem[] {
  const prefix: Path = PREFIX[error.validationContext ?? 'body'];
  return error.issues.flatMap((issue) => describeIssue(issue, prefix, error.sent));
}

function describeIssue(issue: Issue, prefix: Path, sent: unknown): FieldProblem[] {
  const field = formatPath([...prefix, ...issue.path]);
  const received = valueAt(sent, issue.path);
  if (received === undefined && issue.code !== 'unrecognized_keys' && issue.code !== 'custom') {
    const wanted = issue.code === 'invalid_type' ? ` ${article(issue.expected)}` : '';
    return [{ field, problem: 'is missing', fix: `Give it${wanted ? `:${wanted}` : ''}.` }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        field: formatPath([...prefix, ...issue.path, key]),
        problem: 'is not known here',
        fix: 'Leave it out, or correct its spelling; upper and lower case differ.',
      }));
    case 'invalid_type':
      return [
        {
          field,
          problem: `is ${nameType(received)}, not ${article(issue.expected)}`,
          fix: `Give ${article(issue.expected)}.`,
        },
      ];
    case 'invalid_value': {
      const allowed = issue.values.map((value) => JSON.stringify(value)).join(', ');
      return [
        {
          field,
          problem: `is ${show(received)}, which is not allowed`,
          fix: `Give ${issue.values.length > 1 ? 'one of ' : ''}${allowed}.`,
        },
      ];
    }
    case 'too_small':
    case 'too_big':
      return [{ field, ...describeSize(issue) }];
    case 'invalid_format':
      return [{ field, problem: `is ${show(received)}, which is not a valid ${issue.format}`, fix: formatFix(issue) }];
    case 'not_multiple_of':
      return [
        {
          field,
          problem: `is ${show(received)}, not a multiple of ${issue.divisor}`,
          fix: `Give a multiple of ${issue.divisor}.`,
        },
      ];
    case 'invalid_union':
      return describeUnion(issue, prefix, sent, field);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) =>
        describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, prefix, sent),
      );
    case 'custom': {
      const fix = issue.params?.['fix'];
      return [{ field, problem: issue.message, fix: typeof fix === 'string' ? fix : 'Correct it.' }];
    }
  }
}

/** Of the forms that a value may have, the one that it comes nearest to. */
function describeUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  prefix: Path,
  sent: unknown,
  field: string,
): FieldProblem[] {
  const branches = issue.errors.filter((errors) => errors.length > 0);
  const deepest = (errors: readonly Issue[]): number => Math.max(...errors.map((e) => e.path.length));
  const nearest = branches.toSorted((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0];
  if (!nearest)
    return [
      { field, problem: 'has none of the allowed forms', fix: 'See the API description for the forms it may have.' },
    ];
  return nearest.flatMap((inner) =>
    describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, prefix, sent),
  );
}

function describeSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): { problem: string; fix: string } {
  const small = issue.code === 'too_small';
  const limit = small ? issue.minimum : issue.maximum;
  const unit =
    ({ string: ' characters', array: ' items', set: ' items' } as Record<string, string>)[issue.origin] ?? '';
  const exclusive = issue.inclusive === false;
  const bound = small ? (exclusive ? 'more than' : 'at least') : exclusive ? 'less than' : 'at most';
  const problem =
    small && unit === ' characters' && limit === 1
      ? 'is blank'
      : unit
        ? `has too ${small ? 'few' : 'many'}${unit}`
        : `is too ${small ? 'small' : 'large'}`;
  const counted = limit === 1 && unit ? `one${unit.slice(0, -1)}` : `${limit}${unit}`;
  return { problem, fix: `Give ${bound} ${counted}.` };
}

function formatFix(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.format === 'uuid') return 'Give an id as the API gave it, such as 0198c5a2-7d3e-7000-8000-000000000000.';
  if (issue.format === 'datetime') return 'Give a date and time with its zone, such as 2026-11-23T09:30:00Z.';
  if (issue.format === 'date') return 'Give a date such as 2026-11-23.';
  if (issue.format === 'email') return 'Give an address such as jo@example.com.';
  if (issue.format === 'regex' && 'pattern' in issue) return `Give a text that matches ${issue.pattern}.`;
  return `Give a valid ${issue.format}.`;
}

function article(expected: string): string {
  const name = expected === 'int' ? 'integer' : expected === 'record' ? 'object' : expected;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function nameType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return show(value);
  return article(typeof value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(sent: unknown, path: Path): unknown {
  let value = sent;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** `mapping[3].target`; the whole body is `body`. */
export function formatPath(path: Path): string {
  if (path.length === 0) return 'body';
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
