import type { JWK } from 'jose';
import { callbackUrlOf } from './begin-authorization.ts';
import { listPublicKeys } from './consumer.ts';
import type { CredentialApp, CredentialGround } from './credential-ground.ts';
import { MissingPieceError } from './missing-piece.ts';
import { type Grant, JWT_BEARER_GRANT } from './oauth-settings.ts';
import { findCertificate } from './sql/client-certificate.ts';
import { findOAuth } from './sql/oauth-settings.ts';
import { findPresentation } from './sql/presentation.ts';

/** What the target's administrator needs to register Usher there. No secret is in it: that goes another way. */
export interface HandOverSheet {
  readonly app: string;
  readonly label: string;
  readonly description: string | null;
  readonly contact: { readonly name: string | null; readonly email: string | null; readonly phone: string | null };
  readonly infoUrl: string | null;
  readonly consumerKey: string | null;
  readonly hasConsumerSecret: boolean;
  readonly callbackUrl: string | null;
  readonly grantTypes: readonly string[];
  readonly tokenEndpointAuth: string;
  readonly pkce: 'S256' | null;
  readonly scopes: readonly string[];
  readonly audience: string | null;
  readonly resource: string | null;
  readonly publicKeys: readonly JWK[];
  readonly clientCertificate: {
    readonly subject: string;
    readonly fingerprint: string;
    readonly certificate: string;
  } | null;
  /** Where Usher will call. */
  readonly baseUrl: string;
}

/** Names of grants as targets ask for them. */
export function grantTypesOf(grant: Grant): string[] {
  if (grant === 'authorization_code') return ['authorization_code', 'refresh_token'];
  return [grant === 'jwt_bearer' ? JWT_BEARER_GRANT : 'client_credentials'];
}

export async function buildHandOver(
  ground: CredentialGround,
  app: CredentialApp & { description: string | null },
): Promise<HandOverSheet> {
  const stored = await findOAuth(ground.pool, app.id);
  if (!stored) {
    const fix = 'Save how the target authorizes under OAuth settings first.';
    throw new MissingPieceError('oauth', `${app.name} has no OAuth settings to hand over.`, fix);
  }
  const { settings, consumerKey } = stored;
  const presentation = await findPresentation(ground.pool, app.id);
  const shown = await findCertificate(ground.pool, app.id);
  const needsPerson = settings.grant === 'authorization_code';
  return {
    ...{ app: app.name, label: app.label, description: app.description, baseUrl: app.baseUrl, consumerKey },
    contact: {
      name: presentation?.contactName ?? null,
      email: presentation?.contactEmail ?? null,
      phone: presentation?.contactPhone ?? null,
    },
    infoUrl: presentation?.infoUrl ?? null,
    hasConsumerSecret: settings.tokenEndpointAuth.startsWith('client_secret'),
    callbackUrl: needsPerson ? callbackUrlOf(ground, app.name, settings) : null,
    grantTypes: grantTypesOf(settings.grant),
    tokenEndpointAuth: settings.tokenEndpointAuth,
    pkce: needsPerson ? 'S256' : null,
    scopes: settings.scopes,
    audience: settings.audience ?? null,
    resource: settings.resource ?? null,
    publicKeys: await listPublicKeys(ground, ground.pool, app.id),
    clientCertificate: shown
      ? { subject: shown.subject, fingerprint: shown.fingerprint, certificate: shown.certificate }
      : null,
  };
}

/** The sheet as Markdown, to be copied into a mail or a ticket. */
export function writeHandOver(sheet: HandOverSheet): string {
  const { contact, publicKeys, clientCertificate } = sheet;
  const rows: [string, string | null][] = [
    ['Name', sheet.label],
    ['Description', sheet.description],
    ['Contact', [contact.name, contact.email, contact.phone].filter((part) => part !== null).join(', ') || null],
    ['More', sheet.infoUrl],
    ['Client id (consumer key)', sheet.consumerKey ?? 'not made yet'],
    ['Client secret (consumer secret)', sheet.hasConsumerSecret ? 'given to you separately, never by e-mail' : 'none'],
    ['Callback URL (redirect URI), exactly', sheet.callbackUrl],
    ['Grant types', sheet.grantTypes.join(', ')],
    ['Client authentication', sheet.tokenEndpointAuth],
    ['PKCE', sheet.pkce],
    ['Scopes', sheet.scopes.join(' ')],
    ['Audience', sheet.audience],
    ['Resource', sheet.resource],
    ['Address that is called', sheet.baseUrl],
  ];
  const table = rows.flatMap(([name, value]) => (value === null ? [] : [`| ${name} | ${writeCell(value)} |`]));
  return [
    `# Register Usher at ${sheet.label.replace(/[\r\n]+/g, ' ')}`,
    '',
    'Usher provisions accounts. Please register it as an OAuth client with these values.',
    '',
    '| what | value |',
    '| --- | --- |',
    ...table,
    ...(publicKeys.length > 0
      ? ['', '## Public keys (JWKS)', '', '```json', JSON.stringify({ keys: publicKeys }, null, 2), '```']
      : []),
    ...(clientCertificate
      ? [
          '',
          '## Client certificate',
          '',
          `Subject: ${clientCertificate.subject}`,
          `SHA-256: ${clientCertificate.fingerprint}`,
          '',
          '```',
          clientCertificate.certificate.trim(),
          '```',
        ]
      : []),
    '',
  ].join('\n');
}

function writeCell(value: string): string {
  return `\`${value
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|')}\``;
}
