import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpApp } from './http-app.ts';

/** Where its build puts the console. */
export const CONSOLE_DIR = fileURLToPath(new URL('../../../console/dist', import.meta.url));

const ROOT_FILE = /^[a-z0-9-]+\.(?:js|svg|png|ico|txt|webmanifest)$/;
/** Paths that are not the console's, whoever asks; written in any other way they are nobody's. */
const NOT_A_PAGE = /^\/(?:api|assets|healthz|readyz|metrics|oauth|scim)(?:\/|$)/;
const PAGE = /^\/(?:[a-z][a-z-]*(?:\/[^\\]*)?)?$/;
const YEAR_SECONDS = 31_536_000;

/**
 * Nothing but what this server sends runs or is asked for. Style elements, which the console's libraries write, bear the nonce of
 * this one answer.
 */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The built console. `sendPage` answers for its pages, whatever their path, and says whether it did: a reply is awaited as a promise. */
export interface ConsoleFiles {
  sendPage(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
}

/** Serves the files of the console's build: those whose name has a hash for ever, the others to be asked for anew each time. */
export async function registerConsoleFiles(app: HttpApp, directory: string): Promise<ConsoleFiles> {
  const names = await readdir(directory).catch(() => [] as string[]);
  await app.register(async (files) => {
    if (names.length === 0) return;
    await files.register(fastifyStatic, {
      root: directory,
      serve: false,
      dotfiles: 'deny',
      index: false,
      preCompressed: true,
    });
    const config = { scope: 'none' } as const;
    const schema = { hide: true } as never;
    files.get<{ Params: { '*': string } }>('/assets/*', { config, schema }, async (request, reply) => {
      // Set only on what is there: that a file is missing must not be remembered.
      return reply.sendFile(`assets/${request.params['*']}`, { maxAge: YEAR_SECONDS * 1000, immutable: true });
    });
    for (const name of names.filter((each) => ROOT_FILE.test(each))) {
      files.get(`/${name}`, { config, schema }, async (_request, reply) => reply.sendFile(name, { maxAge: 0 }));
    }
    files.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode >= 400) reply.header('cache-control', 'no-store');
    });
  });
  return { sendPage: (request, reply) => sendPage(directory, request, reply) };
}

async function sendPage(directory: string, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const path = request.url.split('?', 1)[0] ?? '';
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads || !/\btext\/html\b/.test(request.headers.accept ?? '')) return false;
  if (!PAGE.test(path) || NOT_A_PAGE.test(path)) return false;
  const page = await findPage(join(directory, 'index.html'));
  const nonce = randomBytes(18).toString('base64');
  reply.header('content-security-policy', pagePolicy(nonce)).header('cache-control', 'no-cache').type('text/html');
  if (page === undefined) reply.code(503).send(NOT_BUILT);
  else reply.code(200).send(page.replaceAll('__STYLE_NONCE__', nonce));
  return true;
}

let kept: { path: string; changedMs: number; text: string } | undefined;

/** Read again only when it was built anew. */
async function findPage(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  if (kept?.path === path && kept.changedMs === found.mtimeMs) return kept.text;
  kept = { path, changedMs: found.mtimeMs, text: await readFile(path, 'utf8') };
  return kept.text;
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Usher</title></head><body>
<h1>The console is not built</h1>
<p>The server runs, and its API and command line work. To have the console too, run this in Usher’s folder, then start the server again:</p>
<pre>npm run build:console</pre>
<p>The API is described at <a href="/api/docs">/api/docs</a>.</p>
</body></html>
`;
