import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

/** The code of the README, which is one program in TypeScript. */
export async function readReadmeProgram(): Promise<string> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  assert.ok(blocks.length >= 8);
  return blocks.join('\n');
}
