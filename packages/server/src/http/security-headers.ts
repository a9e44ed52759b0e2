import type { FastifyReply } from 'fastify';

/** For answers that are no pages: opened as one, they may do nothing. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** On every answer, errors included (OWASP ASVS 5.0, 3.4). Pages of the console replace the policy and the caching by their own. */
export function setSecurityHeaders(reply: FastifyReply, options: { readonly https: boolean }): void {
  reply.headers({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    // Answers hold people's data and sometimes a key.
    'cache-control': 'no-store',
  });
  if (options.https) reply.header('strict-transport-security', 'max-age=31536000');
}
