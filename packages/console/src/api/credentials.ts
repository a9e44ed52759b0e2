/** What the calls of this page carry beside the session's cookie, which no script sees. It lives in memory only. */

let csrfToken: string | null = null;
const listeners = new Set<() => void>();

/** The newest one: each change of the session brings another. */
export function keepCsrfToken(token: string | null): void {
  csrfToken = token;
}

export function authenticationHeaders(method: string): Record<string, string> {
  return method === 'GET' || method === 'HEAD' || csrfToken === null ? {} : { 'x-csrf-token': csrfToken };
}

/** Calls `listener` when the server no longer knows who asks; gives the function that ends it. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellSignedOut(): void {
  for (const listener of listeners) listener();
}

/** Asks the person to prove again who they are; true when they did. */
export type Confirmation = () => Promise<boolean>;
let confirmation: Confirmation | undefined;

export function setConfirmation(ask: Confirmation | undefined): void {
  confirmation = ask;
}

export function askConfirmation(): Promise<boolean> {
  return confirmation?.() ?? Promise.resolve(false);
}
