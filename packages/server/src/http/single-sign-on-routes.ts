import { z } from 'zod';
import { CALLBACK_PATH, ROLES, type SignOnSettings, type SingleSignOn } from '../access/index.ts';
import { SINGLE_SIGN_ON_VARIABLES } from '../config.ts';
import { Refusal } from '../refusal.ts';
import type { ListeningPlace } from './check-host.ts';
import type { RouteFamily } from './http-app.ts';
import { ownOriginOf } from './session-cookies.ts';

const tags = ['people'];
const settingsSchema = z.object({
  issuer: z.string(),
  clientId: z.string(),
  hasClientSecret: z.boolean().describe('The secret itself is never told'),
  label: z.string().describe('What the button of the sign-in page says'),
  scopes: z.array(z.string()).describe('Asked for besides openid'),
  roleClaim: z.string().nullable().describe('The claim that gives roles'),
  roles: z
    .array(z.object({ value: z.string(), role: z.enum(ROLES) }))
    .describe('Which value of that claim gives which role; the first that is held counts'),
  defaultRole: z.enum(ROLES).nullable().describe('Of those whom no value gives one; null: they are not let in'),
  emailDomains: z.array(z.string()).describe('Whose people come in uninvited; empty: everyone’s'),
});
const checkSchema = z.object({
  check: z.enum(['discovery', 'code flow', 'proof', 'keys', 'claim']),
  ok: z.boolean(),
  message: z.string(),
  fix: z.string().nullable(),
});

/** How people come in by the organisation's OpenID provider: set where the server is started, shown and tested here. */
export function singleSignOnRoutes(
  settings: SignOnSettings | undefined,
  signOn: SingleSignOn | undefined,
  place: ListeningPlace,
): RouteFamily {
  return (api) => {
    api.get(
      '/single-sign-on',
      {
        config: { scope: 'people:read' },
        schema: {
          summary: 'Show how single sign-on is set, without its secret, and what sets it',
          tags,
          response: {
            200: z.object({
              settings: settingsSchema.nullable().describe('Null: nothing is set'),
              redirectUri: z.string().describe('To be registered at the provider'),
              hasPublicUrl: z.boolean().describe('False: the redirect address follows whichever address is visited'),
              variables: z.record(z.string(), z.string()).describe('What sets each, where the server is started'),
            }),
          },
        },
      },
      async (request) => ({
        settings: settings ? describeSettings(settings) : null,
        redirectUri: `${ownOriginOf(request, place)}${CALLBACK_PATH}`,
        hasPublicUrl: place.publicUrl !== undefined,
        variables: { ...SINGLE_SIGN_ON_VARIABLES },
      }),
    );
    api.post(
      '/single-sign-on/test',
      {
        config: { scope: 'people:write' },
        schema: {
          summary: 'Ask the OpenID provider what it is; nobody is signed in',
          tags,
          response: { 200: z.object({ ok: z.boolean(), checks: z.array(checkSchema) }) },
        },
      },
      async () => {
        if (!signOn) {
          const fix = `Set ${SINGLE_SIGN_ON_VARIABLES.issuer} and ${SINGLE_SIGN_ON_VARIABLES.clientId}, and start the server again.`;
          throw new Refusal('conflict', `Single sign-on is not set up here. ${fix}`);
        }
        const checks = await signOn.test();
        return { ok: checks.every(({ ok }) => ok), checks };
      },
    );
  };
}

function describeSettings(settings: SignOnSettings): z.output<typeof settingsSchema> {
  const { issuer, clientId, clientSecret, label, scopes, roleClaim, roles, defaultRole, emailDomains } = settings;
  return {
    ...{ issuer, clientId, hasClientSecret: clientSecret !== undefined, label, scopes: [...scopes] },
    ...{ roleClaim: roleClaim ?? null, roles: [...roles], defaultRole: defaultRole ?? null },
    emailDomains: [...emailDomains],
  };
}
