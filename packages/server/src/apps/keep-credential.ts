import { beginStaticLife, endStaticLife, sealContextOf } from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { parseCredential, type StaticCredential, serializeCredential } from '../vault/index.ts';
import { type AppCommand, changeApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { readBaseUrl } from './create-app.ts';
import { findConnector } from './join-connector.ts';
import { findCredential, forgetCredential, saveCredential } from './sql/credentials.ts';
import { updateApp } from './sql/write-apps.ts';

/** Seals a credential for the origin that the app is at now. It is never read back, and sent nowhere else. */
export async function setCredential(ground: AppGround, command: AppCommand, input: unknown): Promise<void> {
  const credential = readCredential(input);
  await changeApp(ground, command, async (change) => {
    const { db, app, now, audit } = change;
    const { credentialKinds, label } = findConnector(ground, app.connector);
    // A certificate is shown by the connection, whatever is spoken over it as long as that is HTTP.
    const wanted = credential.kind === 'certificate' ? 'oauth' : credential.kind;
    if (!credentialKinds.includes(wanted)) {
      const known = credentialKinds.filter((kind) => kind !== 'none').join(', ') || 'no credential';
      const problem = `${label} does not take a credential of the kind ${credential.kind}`;
      throw new Refusal('invalid_value', `${problem}.`, [{ field: 'kind', problem, fix: `It takes ${known}.` }]);
    }
    const origins = [readBaseUrl(ground, app.baseUrl, app.connector).origin];
    const sealed = ground.vault.seal(serializeCredential(credential), sealContextOf(app.id, origins));
    const before = await findCredential(db, app.id);
    const keyId = ground.vault.keyIds[0] ?? '';
    await saveCredential(db, app.id, now, { kind: credential.kind, sealed, keyId, origins });
    await beginStaticLife(change, credential);
    await updateApp(db, app, now);
    await audit('app.credential_set', {
      before: before && { kind: before.kind, origins: before.origins },
      after: { kind: credential.kind, origins },
    });
  });
}

/** Forgets the credential of an app: what it sends from then on goes without one. */
export async function dropCredential(ground: AppGround, command: AppCommand): Promise<void> {
  await changeApp(ground, command, async ({ db, app, now, audit }) => {
    const before = await findCredential(db, app.id);
    if (!before) throw new Refusal('not_found', `${app.name} has no credential.`);
    await forgetCredential(db, app.id);
    await endStaticLife({ db, app });
    await updateApp(db, app, now);
    await audit('app.credential_forgotten', { before: { kind: before.kind, origins: before.origins } });
  });
}

function readCredential(input: unknown): StaticCredential {
  const parsed = parseCredential(input);
  if (parsed.ok) return parsed.credential;
  const problems = parsed.problems.map(({ field, message }) => ({
    field: field === '' ? 'body' : field,
    problem: message,
    fix: 'Correct it, and send the whole credential again.',
  }));
  throw new Refusal('invalid_value', problems.map(({ problem }) => problem).join(' '), problems);
}
