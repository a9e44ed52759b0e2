/** What the calls of this tab carry, beside the session's cookie. It lives in memory only. */

let apiKey: string | undefined;
let csrfToken: string | undefined;
const listeners = new Set<() => void>();

/** A key that the person typed in, for a server without persons yet. Gone with the tab. */
export function keepApiKey(key: string | undefined): void {
  apiKey = key;
}

export function holdsKey(): boolean {
  return apiKey !== undefined;
}

export function keepCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

export function authenticationHeaders(method: string): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `Bearer ${apiKey}` };
  const reads = method === 'GET' || method === 'HEAD';
  return reads || csrfToken === undefined ? {} : { 'x-csrf-token': csrfToken };
}

/** Calls `listener` when the server no longer knows who asks; gives the function that ends it. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellSignedOut(): void {
  for (const listener of listeners) listener();
}
