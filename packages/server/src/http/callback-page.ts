import type { z } from 'zod';
import type { findingSchema } from './app-schemas.ts';
import type { authorizationSchema } from './oauth-schemas.ts';

/** What the browser is told that a target sent back. */
export type CallbackOutcome =
  | {
      readonly ok: true;
      readonly app: string;
      readonly authorization: z.output<typeof authorizationSchema>;
      readonly warnings: readonly z.output<typeof findingSchema>[];
    }
  | { readonly ok: false; readonly problem: string; readonly fix: string };

/** A page without scripts and styles of its own: it is shown where the console may not be. */
export function buildCallbackPage(outcome: CallbackOutcome): string {
  const [title, lines] = outcome.ok ? describeDone(outcome) : describeRefused(outcome);
  const body = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)} · Usher</title><meta name="viewport" content="width=device-width"></head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
<p><a href="/">To Usher</a></p>
</main>
</body>
</html>
`;
}

function describeDone({ app, authorization, warnings }: Extract<CallbackOutcome, { ok: true }>): [string, string[]] {
  const { account, scopes, verification } = authorization;
  const whose = account?.label ?? account?.email ?? account?.subject;
  return [
    `${app} is authorized`,
    [
      whose
        ? `At the target it is ${whose}${account?.email && account.email !== whose ? ` (${account.email})` : ''}.`
        : '',
      scopes.granted.length > 0 ? `Granted: ${scopes.granted.join(', ')}.` : '',
      verification?.ok ? `Tried with a harmless call: ${verification.message}` : '',
      ...warnings.map(({ problem, fix }) => `Warning: ${problem}. ${fix}`),
      'You can close this page.',
    ].filter((line) => line !== ''),
  ];
}

function describeRefused({ problem, fix }: Extract<CallbackOutcome, { ok: false }>): [string, string[]] {
  return ['The app is not authorized', [problem, fix]];
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
