import { ConnectorError } from '@usher/connector-sdk';
import { parseAttributePath, ScimError } from '@usher/scim';

/**
 * Runs one operation and gives the library's failure as the connector's: the kinds are the same. What the transport
 * rejected with is a `ConnectorError` already. `paths` are the attributes that were written, to name the one that the
 * target's detail speaks of; a guess for people, from which nothing follows.
 */
export async function callTarget<Result>(
  operation: () => Promise<Result>,
  paths: readonly string[] = [],
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof ScimError ? buildConnectorError(error, paths) : error;
  }
}

export function buildConnectorError(error: ScimError, paths: readonly string[] = []): ConnectorError {
  return new ConnectorError(error.kind, error.message, {
    status: error.status,
    retryAfterMs: error.retryAfterMs,
    remoteId: error.remoteId,
    detail: error.detail,
    attribute: error.attribute ?? findMentionedPath(error.detail, paths),
    cause: error,
  });
}

function findMentionedPath(detail: string | undefined, paths: readonly string[]): string | undefined {
  if (detail === undefined) return undefined;
  const text = detail.toLowerCase();
  const whole = paths.find((path) => path.includes('.') && text.includes(path.toLowerCase()));
  if (whole !== undefined) return whole;
  const words = new Set(text.split(/[^\w$]+/));
  const mentioned = paths.filter((path) => {
    const { attribute, sub } = parseAttributePath(path);
    const isValue = sub === undefined || sub.toLowerCase() === 'value';
    return words.has((isValue ? attribute : sub).toLowerCase());
  });
  // Two candidates are no answer.
  return mentioned.length === 1 ? mentioned[0] : undefined;
}
