/** A target that names a longer wait is waited for this long, then asked again. */
export const longestRetryAfterMs = 24 * 60 * 60 * 1000;

/**
 * The wait in milliseconds that the headers of a 429 or 503 ask for: `Retry-After` as seconds or HTTP-date
 * (RFC 9110 §10.2.3), else `X-RateLimit-Reset` or `RateLimit-Reset` as seconds or Unix time. A time in the past is 0,
 * more than 24 hours is 24 hours, several values are the longest, anything unreadable is `undefined`.
 */
export function parseRetryAfter(headers: Record<string, string>, now: Date): number | undefined {
  const header = headers['retry-after'];
  if (typeof header === 'string') {
    const waitMs = parseSeconds(header) ?? parseHttpDate(header, now);
    if (waitMs !== undefined) return limit(waitMs);
  }
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  const resetMs = typeof reset === 'string' ? parseSeconds(reset) : undefined;
  if (resetMs === undefined) return undefined;
  // No target names a wait of thirty years: so large a number is a time since 1970.
  return limit(resetMs > 1_000_000_000_000 ? resetMs - now.getTime() : resetMs);
}

function parseSeconds(text: string): number | undefined {
  const values = text.split(',').map((part) => part.trim());
  if (!values.every((value) => /^[-+]?\d{1,20}(\.\d{1,20})?$/.test(value))) return undefined;
  return Math.max(...values.map(Number)) * 1000;
}

function parseHttpDate(text: string, now: Date): number | undefined {
  // Date.parse accepts almost anything that holds a number; an HTTP-date begins with the name of a day.
  if (!/^\s*(mon|tue|wed|thu|fri|sat|sun)/i.test(text) || text.length > 60) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time - now.getTime();
}

function limit(waitMs: number): number {
  return Math.ceil(Math.min(Math.max(waitMs, 0), longestRetryAfterMs));
}
