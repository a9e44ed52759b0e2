import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('./template/', import.meta.url));

/** Why nothing was laid out; the message says what to do. */
export class LayOutError extends Error {}

/**
 * Lays out a connector with its test in `folder`, which must be empty or not exist yet. `name` becomes the connector's
 * id: small letters, digits and single hyphens. Gives the names of the files written.
 */
export function layOutConnector(name: string, folder: string): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    throw new LayOutError(`"${name}" is no name for a connector. Use small letters, digits and hyphens: acme-people.`);
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new LayOutError(`${folder} is not empty. Name another folder with --dir.`);
  }
  mkdirSync(folder, { recursive: true });
  const label = name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  const files = readdirSync(TEMPLATE).sort();
  for (const file of files) {
    const text = readFileSync(join(TEMPLATE, file), 'utf8');
    writeFileSync(join(folder, file), text.replaceAll('connector-name', name).replaceAll('Connector Name', label));
  }
  return files;
}
