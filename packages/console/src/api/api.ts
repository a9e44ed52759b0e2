import createFetch from 'openapi-fetch';
import { askConfirmation, authenticationHeaders, tellSignedOut } from './credentials.ts';
import type { paths } from './generated/openapi.ts';
import { ApiError, toApiError } from './problem.ts';

/** Typed calls to our own API, at the page's own origin. Throws `ApiError`, and nothing else but an abort. */
export const api = createFetch<paths>({ baseUrl: '', fetch: send });

/** The record that an answer holds, with its ETag for the change that may follow. */
export type Tagged<Value> = Value & { readonly etag?: string };

async function send(request: Request): Promise<Response> {
  // A body is read once; the second try needs its own.
  const again = request.clone();
  for (const [name, value] of Object.entries(authenticationHeaders(request.method))) request.headers.set(name, value);
  const response = await fetchOrThrow(request);
  if (response.ok) return response;
  const error = toApiError(response, await readJson(response));
  if (error.code === 'confirmation_required' && (await askConfirmation())) return await sendOnce(again);
  if (error.status === 401 && !isSignIn(request)) tellSignedOut();
  throw error;
}

async function sendOnce(request: Request): Promise<Response> {
  for (const [name, value] of Object.entries(authenticationHeaders(request.method))) request.headers.set(name, value);
  const response = await fetchOrThrow(request);
  if (response.ok) return response;
  throw toApiError(response, await readJson(response));
}

/** There, 401 says that a password or code was wrong. */
function isSignIn({ url }: Request): boolean {
  return new URL(url).pathname.startsWith('/api/v1/session');
}

async function fetchOrThrow(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({ status: 0, code: 'unreachable', message: 'The server could not be reached.' });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** The body of an answer. Refusals were thrown before. */
export function bodyOf<Value>({ data, response }: { data?: Value; response: Response }): Tagged<Value> {
  const etag = response.headers.get('etag');
  if (etag === null || typeof data !== 'object' || data === null) return data as Tagged<Value>;
  return { ...data, etag };
}

/** A file, fetched with what authenticates us, with the name that the server gives it. */
export async function fetchFile(path: string, fallbackName: string): Promise<{ name: string; blob: Blob }> {
  const response = await send(new Request(path));
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? fallbackName;
  return { name, blob: await response.blob() };
}

/** A call that the description does not type: an upload, or a path made up of a filter. */
export async function sendRaw(path: string, init: RequestInit): Promise<unknown> {
  const response = await send(new Request(path, init));
  return response.status === 204 ? undefined : await readJson(response);
}
