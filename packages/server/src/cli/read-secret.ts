import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';

/** A secret from a file, or from standard input for `-`: an argument would be seen by others and kept by the shell. */
export async function readSecret(from: string): Promise<string> {
  const secret = (from === '-' ? await text(process.stdin) : await readSecretFile(from)).trim();
  if (secret === '') throw new InvalidArgumentError(`There is no secret in ${from === '-' ? 'standard input' : from}.`);
  return secret;
}

async function readSecretFile(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidArgumentError(`The file ${file} cannot be read: ${(error as Error).message}`);
  });
}
