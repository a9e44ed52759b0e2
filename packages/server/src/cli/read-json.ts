import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';

/** A file that a person wrote for a command. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`The file ${file} cannot be read as JSON: ${why}`);
  }
}
