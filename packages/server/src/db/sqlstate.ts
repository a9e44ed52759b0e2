/** Judgements on PostgreSQL's errors by their codes (PostgreSQL manual, appendix A), never by their texts. */

interface DatabaseFailure {
  readonly code: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
}

/** The outcome of a COMMIT is not known: the connection was lost before its answer came. It may or may not have happened. */
export class CommitOutcomeUnknownError extends Error {
  constructor(cause: unknown) {
    super('The connection to the database was lost while a transaction was being committed', { cause });
    this.name = 'CommitOutcomeUnknownError';
  }
}

export function findSqlState(error: unknown): string | undefined {
  const code = (error as DatabaseFailure | undefined)?.code;
  // Every SQLSTATE has a digit; EPIPE, as long, has none.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether a unique constraint or index, this one if it is named, was violated. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23505', constraint);
}

export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23503', constraint);
}

export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, '23514', constraint);
}

/** The name of the constraint that an error speaks of. */
export function findConstraint(error: unknown): string | undefined {
  return findSqlState(error) === undefined ? undefined : (error as DatabaseFailure).constraint;
}

function isViolation(error: unknown, code: string, constraint: string | undefined): boolean {
  if (findSqlState(error) !== code) return false;
  return constraint === undefined || (error as DatabaseFailure).constraint === constraint;
}

/** The transaction lost against another one and had no effect: the same work done anew may succeed. */
export function isSerializationFailure(error: unknown): boolean {
  const code = findSqlState(error);
  return code === '40001' || code === '40P01';
}

export function isLockTimeout(error: unknown): boolean {
  return findSqlState(error) === '55P03';
}

export function isStatementTimeout(error: unknown): boolean {
  return findSqlState(error) === '57014';
}

/** The server is a standby or was made read-only, as after a failover: a new connection may reach the new primary. */
export function isReadOnly(error: unknown): boolean {
  return findSqlState(error) === '25006';
}

/** Disk full, out of memory, too many connections: it passes, but not by itself at once. */
export function isDatabaseExhausted(error: unknown): boolean {
  return findSqlState(error)?.startsWith('53') ?? false;
}

const BROKEN_SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** pg reports these without a code; the texts are its own, not the server's. */
const BROKEN_CONNECTION_TEXT =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|timeout expired)/;

/** The connection is gone or could not be made: this includes a server that starts, stops or fails over. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionFailure);
  const code = findSqlState(error);
  if (code !== undefined) return code.startsWith('08') || /^57P0[1235]$/.test(code);
  if (!(error instanceof Error)) return false;
  const systemCode = (error as NodeJS.ErrnoException).code;
  if (systemCode !== undefined && BROKEN_SOCKET.has(systemCode)) {
    return systemCode !== 'ENOENT' || (error as NodeJS.ErrnoException).syscall === 'connect';
  }
  return BROKEN_CONNECTION_TEXT.test(error.message);
}

/** The server is starting up or shutting down (57P03). */
export function isStartingOrStopping(error: unknown): boolean {
  return findSqlState(error) === '57P03';
}

export function isCommitOutcomeUnknown(error: unknown): boolean {
  return error instanceof CommitOutcomeUnknownError;
}

/**
 * The same work may be done anew later: nothing of it happened. An unknown commit is not among these, for
 * it may have happened: read first.
 */
export function isRetryable(error: unknown): boolean {
  if (isCommitOutcomeUnknown(error)) return false;
  return (
    isSerializationFailure(error) ||
    isLockTimeout(error) ||
    isReadOnly(error) ||
    isDatabaseExhausted(error) ||
    isConnectionFailure(error)
  );
}
