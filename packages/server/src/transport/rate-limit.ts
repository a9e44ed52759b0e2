/** A token bucket: a configured number of requests a second, and a burst after quiet. Times are monotonic milliseconds. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
  readonly tokens: number;
  readonly atMs: number;
}

/** Starts full. A rate must be above zero; an app without a rate has no bucket. */
export function openRateLimit(perSecond: number, burst: number, nowMs: number): RateLimit {
  if (!(perSecond > 0)) throw new RangeError(`The rate must be above 0 requests a second, not ${perSecond}.`);
  const most = Math.max(1, burst);
  return { perSecond, burst: most, tokens: most, atMs: nowMs };
}

/** Takes one request's token, or says after how many milliseconds there will be one. */
export function takeToken(limit: RateLimit, nowMs: number): { limit: RateLimit; waitMs: number } {
  const filled = refill(limit, nowMs);
  if (filled.tokens >= 1) return { limit: { ...filled, tokens: filled.tokens - 1 }, waitMs: 0 };
  return { limit: filled, waitMs: Math.max(1, Math.ceil(((1 - filled.tokens) / filled.perSecond) * 1000)) };
}

/** How many requests may go out at once now. */
export function countTokens(limit: RateLimit, nowMs: number): number {
  return Math.floor(refill(limit, nowMs).tokens);
}

/** The same bucket under a changed configuration; what was saved up is kept, up to the new burst. */
export function changeRate(limit: RateLimit, perSecond: number, burst: number, nowMs: number): RateLimit {
  const filled = refill(limit, nowMs);
  return { ...openRateLimit(perSecond, burst, nowMs), tokens: Math.min(Math.max(1, burst), filled.tokens) };
}

function refill(limit: RateLimit, nowMs: number): RateLimit {
  // A clock that goes back gives nothing and takes nothing.
  const elapsedMs = Math.max(0, nowMs - limit.atMs);
  if (elapsedMs === 0) return limit;
  // Rounded, since sums of fractions would leave 0.9999… at the very moment that was promised.
  const tokens = Math.round((limit.tokens + (elapsedMs * limit.perSecond) / 1000) * 1e9) / 1e9;
  return { ...limit, tokens: Math.min(limit.burst, tokens), atMs: nowMs };
}
