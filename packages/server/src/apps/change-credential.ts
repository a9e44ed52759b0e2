import type { Actor } from '../audit/index.ts';
import type { ChangeApp, CredentialChange } from '../credentials/index.ts';
import { type AppCommand, changeApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { updateApp } from './sql/write-apps.ts';

/** Runs a change of an app's credential as one transaction; its pump looks at the app again when it commits. */
export async function changeCredential<Result>(
  ground: AppGround,
  command: AppCommand,
  work: (change: CredentialChange) => Promise<Result>,
): Promise<Result> {
  return changeApp(ground, command, async (change) => {
    const result = await work(change);
    await updateApp(change.db, change.app, change.now);
    return result;
  });
}

/** The same for a change that somebody began earlier and that now comes to its end, at whatever revision the app is. */
export function createCredentialChanger(ground: AppGround, actor: Actor): ChangeApp {
  return (appId, onBehalfOf, work) => {
    const command = { actor: { ...actor, ...onBehalfOf }, app: String(appId), checkRevision: () => {} };
    return changeCredential(ground, command, work);
  };
}
