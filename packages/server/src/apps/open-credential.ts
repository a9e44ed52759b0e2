import {
  AppAuthorization,
  findOAuth,
  MissingPieceError,
  openClientCertificate,
  sealContextOf,
} from '../credentials/index.ts';
import type { ClientCertificate, CredentialHeaders } from '../transport/index.ts';
import { buildAuthorization, parseCredential, type StaticCredential, type Vault, VaultError } from '../vault/index.ts';
import type { AppGround } from './app-ground.ts';
import type { ConnectedApp } from './connected-app.ts';
import { findCredential, type SealedCredential } from './sql/credentials.ts';
import { UnusableAppError } from './unusable-app.ts';

/** What a transport does to be let in. */
export interface OpenedCredential {
  kind: string;
  authorize(): CredentialHeaders | Promise<CredentialHeaders>;
  onUnauthorized?: (refused: CredentialHeaders) => Promise<boolean>;
  origins: readonly string[];
  clientCertificate?: ClientCertificate | undefined;
}

/** The credential of an app, opened for the transport; undefined when none was entered. */
export async function openCredential(
  ground: AppGround,
  app: Pick<ConnectedApp, 'id' | 'name' | 'label' | 'baseUrl'>,
): Promise<OpenedCredential | undefined> {
  const stored = await findCredential(ground.pool, app.id);
  if (!stored) {
    // Nothing at all may be meant so; settings without an authorization are a piece that is missing.
    if (!(await findOAuth(ground.pool, app.id))) return undefined;
    const fix = 'Authorize it: everything goes on by itself then.';
    throw new UnusableAppError('credential', 'The app has OAuth settings and is not authorized.', fix);
  }
  const { kind, origins } = stored;
  try {
    const clientCertificate = await openClientCertificate(ground, ground.pool, app);
    if (kind === 'oauth') {
      const tokens = await AppAuthorization.open(ground, app.id);
      const onUnauthorized = (refused: CredentialHeaders) => tokens.onUnauthorized(refused);
      return { kind, authorize: () => tokens.authorize(), onUnauthorized, origins, clientCertificate };
    }
    if (kind === 'certificate' && !clientCertificate) {
      const fix = 'Enter the certificate and its private key under Client certificate.';
      throw new UnusableAppError('credential', 'The app has no client certificate to show.', fix);
    }
    const headers = buildAuthorization(unseal(ground.vault, app.id, stored));
    return { kind, authorize: () => headers, origins, clientCertificate };
  } catch (error) {
    // Their messages say what to do, and are for people already.
    if (error instanceof MissingPieceError) throw new UnusableAppError('credential', error.problem, error.fix);
    if (error instanceof VaultError) {
      throw new UnusableAppError('credential', error.message, 'Nothing is sent until then.');
    }
    throw error;
  }
}

function unseal(vault: Vault, appId: number, { sealed, origins }: SealedCredential): StaticCredential {
  try {
    const parsed = parseCredential(JSON.parse(vault.open(sealed, sealContextOf(appId, origins)).reveal()));
    if (parsed.ok) return parsed.credential;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UnusableAppError(
    'credential',
    'The stored credential cannot be read by this version of Usher.',
    'Enter the credential again.',
  );
}
