import { type DestinationStream, type Logger, pino } from 'pino';

/** Structured log. Write the facts as fields and a short sentence as the message: `log.info({ app: id }, 'App activated')`. */
export type Log = Logger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET_NAME =
  /authorization|passw(or)?d|secret|cookie|credential|api[-_]?key|private[-_]?key|master[-_]?key|admin[-_]?key|(access|refresh|bearer|id)[-_]?token|^token$|client[-_]?assertion/i;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):[^\s/?#@]+@/gi;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;
const REDACTED = '[redacted]';
const DEEPEST = 6;

/**
 * Makes the root logger: JSON lines on standard error, or on `destination`.
 * Fields whose name says that they hold a secret, passwords in URLs and bearer values in texts never reach it.
 */
export function createLog(options: { level: LogLevel; name?: string }, destination?: DestinationStream): Log {
  const log = pino(
    {
      name: options.name ?? 'usher',
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields, 0) as Record<string, unknown>,
      },
      serializers: { err: (described) => described },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          const given = first instanceof Error ? [{ err: first }, rest.length > 0 ? rest[0] : first.message] : args;
          const clean = given.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg));
          method.apply(this, clean as unknown as typeof args);
        },
      },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
  // Pino does not run `formatters.log` over a child's bindings. Children inherit this property, and so do theirs.
  const child = log.child;
  log.child = function childWithoutSecrets(this: Log, bindings, options) {
    return child.call(this, redact(bindings, 0) as Record<string, unknown>, options);
  } as typeof child;
  return log;
}

/** Takes passwords out of URLs and bearer or basic values out of a text. */
export function redactText(text: string): string {
  return text.replace(URL_PASSWORD, `$1:${REDACTED}@`).replace(BEARER, `$1 ${REDACTED}`);
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (depth >= DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof URL) return redactText(value.href);
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    copy[name] = SECRET_NAME.test(name) && item !== undefined ? REDACTED : redact(item, depth + 1);
  }
  return copy;
}

/** PostgreSQL's errors repeat the row's values in `detail`, `where` and the like: people's data, so they are left out. */
const ROW_VALUES = new Set(['detail', 'where', 'internalQuery', 'hint', 'parameters']);

function describeError(error: Error, depth: number): Record<string, unknown> {
  const described: Record<string, unknown> = {
    type: error.name,
    message: redactText(error.message),
    stack: error.stack ? redactText(error.stack) : undefined,
  };
  if (error.cause !== undefined && depth < DEEPEST) described['cause'] = redact(error.cause, depth + 1);
  if (error instanceof AggregateError && depth < DEEPEST) described['errors'] = redact(error.errors, depth + 1);
  for (const [name, item] of Object.entries(error)) {
    if (name in described || ROW_VALUES.has(name) || item === undefined) continue;
    described[name] = SECRET_NAME.test(name) ? REDACTED : redact(item, depth + 1);
  }
  return described;
}
