import { useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { keepCsrfToken } from '../api/credentials.ts';
import type { components } from '../api/generated/openapi.ts';

export type SignInStep = components['schemas']['SignInStep'];

/** Ends the session of this browser and forgets what was read. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api.DELETE('/api/v1/session', {});
    keepCsrfToken(null);
    queries.clear();
  };
}

/** Signs by a passkey: as the first step, or as the second after a password. */
export async function signInByPasskey(): Promise<SignInStep> {
  const { data: asked } = await api.POST('/api/v1/session/passkey/options', { body: {} });
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(asked?.options as never);
  const credential = (await navigator.credentials.get({ publicKey: options })) as PublicKeyCredential | null;
  const { data } = await api.POST('/api/v1/session/passkey', { body: { response: credential?.toJSON() as never } });
  return data as SignInStep;
}

/** Makes a passkey in this browser or on a device, and keeps it. */
export async function makePasskey(name: string) {
  const { data: asked } = await api.POST('/api/v1/session/passkeys/options', { body: {} });
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(asked?.options as never);
  const credential = (await navigator.credentials.create({ publicKey: options })) as PublicKeyCredential | null;
  const { data } = await api.POST('/api/v1/session/passkeys', {
    body: { name, response: credential?.toJSON() as never },
  });
  return data;
}

/** People close the browser's dialog; that is no failure to be told of at length. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}
