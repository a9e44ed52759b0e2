import { ConnectorError, type SqlRequest } from '@usher/connector-sdk';
import { z } from 'zod';

const request = z.strictObject({
  statement: z.string().min(1).max(100_000),
  parameters: z.array(z.strictObject({ name: z.string().max(200), value: z.json() })).max(10_000),
  effect: z.enum(['read', 'write']),
});

/** What a statement may begin with: nothing that changes a session, a table's form, or a transaction. */
const FIRST_WORDS = {
  read: ['select', 'with', 'values', 'table'],
  write: ['insert', 'update', 'delete', 'merge', 'with', 'select', 'call'],
} as const;

/** Reads a statement of a connector, which may be anybody's. Throws a ConnectorError that says what is wrong with it. */
export function parseSqlStatement(body: string): SqlRequest {
  let parsed: SqlRequest;
  try {
    parsed = request.parse(JSON.parse(body)) as SqlRequest;
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    throw refuse(issue ? `${issue.path.join('.') || 'it'}: ${issue.message}` : 'it is no JSON of a statement');
  }
  const first = findFirstWord(parsed.statement);
  const allowed: readonly string[] = FIRST_WORDS[parsed.effect];
  if (!allowed.includes(first)) {
    const words = allowed.map((word) => word.toUpperCase()).join(', ');
    throw refuse(
      `it says "${parsed.effect}" and begins with "${first.slice(0, 30)}"; such a statement begins with ${words}`,
    );
  }
  return parsed;
}

export function findFirstWord(statement: string): string {
  return /^\s*([a-z]*)/i.exec(statement)?.[1]?.toLowerCase() ?? '';
}

function refuse(what: string): ConnectorError {
  return new ConnectorError('invalid_request', `The connector's SQL statement cannot be sent: ${what}.`);
}
