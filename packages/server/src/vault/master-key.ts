import { exec } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VaultError } from './vault-error.ts';

/** Where the keys come from. The first key seals; all of them open, so that a key can be replaced while in use. */
export type MasterKeySource =
  | { readonly kind: 'value'; readonly key: Buffer; readonly olderKeys?: readonly Buffer[] }
  /** A file of base64 keys, one a line, readable by its owner alone. Made with one new key unless it must exist. */
  | { readonly kind: 'file'; readonly path: string; readonly mustExist: boolean }
  /** A command line of the administrator's that prints the same as the file holds. */
  | { readonly kind: 'command'; readonly command: string };

export interface MasterKey {
  /** Derived from the key, so that no one has to name keys and no two can be mixed up. */
  readonly id: string;
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;
const COMMAND_TIMEOUT_MS = 30_000;
const MAKE_ONE = 'Make one with: openssl rand -base64 32';

export async function readMasterKeys(source: MasterKeySource): Promise<MasterKey[]> {
  if (source.kind === 'value') return buildKeys([source.key, ...(source.olderKeys ?? [])], 'The master key');
  if (source.kind === 'command')
    return parseKeyText(await runCommand(source.command), "The master key command's output");
  return parseKeyText(await readKeyFile(source.path, source.mustExist), `The master key file ${source.path}`);
}

function buildKeys(keys: readonly Buffer[], where: string): MasterKey[] {
  return keys.map((bytes) => {
    if (bytes.length !== KEY_BYTES)
      throw unusable(`${where} is ${bytes.length} bytes long, and must be 32. ${MAKE_ONE}`);
    if (bytes.every((byte) => byte === bytes[0])) {
      throw unusable(`${where} is one byte repeated, which anyone can guess. ${MAKE_ONE}`);
    }
    const id = createHash('sha256').update('usher key id').update(bytes).digest('base64url').slice(0, 10);
    return { id, bytes };
  });
}

/** Base64, base64url or hexadecimal keys, one a line; empty lines and those that begin with # are passed over. */
export function parseKeyText(text: string, where: string): MasterKey[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys: Buffer[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    if (/^[0-9a-f]{64}$/i.test(line)) keys.push(Buffer.from(line, 'hex'));
    else if (/^[A-Za-z0-9+/_-]{43}=?$/.test(line)) keys.push(Buffer.from(line, 'base64'));
    else throw unusable(`${where} does not hold a key of 32 bytes in base64 on line ${index + 1}. ${MAKE_ONE}`);
  }
  if (keys.length === 0) throw unusable(`${where} holds no key. ${MAKE_ONE}`);
  return buildKeys(keys, where);
}

async function readKeyFile(path: string, mustExist: boolean): Promise<string> {
  const isMissing = await stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
  if (isMissing) {
    if (mustExist) {
      throw unusable(
        `The master key file ${path} does not exist. Put back the file that the stored credentials were sealed with; ` +
          'a new key cannot open them.',
      );
    }
    await makeKeyFile(path).catch((error: NodeJS.ErrnoException) => {
      throw unusable(
        `The master key file ${path} cannot be made (${error.code}). Let the user that runs Usher write there.`,
      );
    });
  }
  // Judged on the open file, so that it is the one that is read.
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw unusable(`The master key file ${path} cannot be read (${error.code}). Let the user that runs Usher own it.`);
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw unusable(`The master key file ${path} is not a file. Give the path of the file itself.`);
    // Windows has no such bits; the folder's access list protects the file there.
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      throw unusable(`The master key file ${path} may be read or written by other users. Run: chmod 600 ${path}`);
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Whole or not at all, and never over another's: of two servers that start at once, one makes it and both read it. */
async function makeKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const text =
    '# Seals the credentials of connected apps. Keep a copy apart from the database: without it they are lost.\n';
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${text}${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}

function runCommand(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    exec(command, { timeout: COMMAND_TIMEOUT_MS, maxBuffer: 64 * 1024, windowsHide: true }, (error, stdout) => {
      if (!error) return resolve(stdout);
      // What it printed stays out of the message: it may be the key.
      const how = error.killed ? 'did not end within 30 s' : `ended with the code ${error.code ?? 'unknown'}`;
      reject(unusable(`The master key command ${how}. Run it by hand as the user that runs Usher to see why.`));
    });
  });
}

function unusable(message: string): VaultError {
  return new VaultError('key_unusable', message);
}
