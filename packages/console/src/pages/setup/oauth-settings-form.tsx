import { Button, Select, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Findings } from '../../parts/findings.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { oauthTexts as texts } from '../../texts/oauth.ts';
import { type App, changeOf } from '../app/use-app.ts';
import classes from './setup-page.module.css';
import type { OAuth } from './use-oauth.ts';

type EndpointName = 'authorization' | 'token' | 'revocation' | 'registration';
interface Settings {
  grant: string;
  issuer?: string;
  endpoints: Partial<Record<EndpointName, string>>;
  origins: string[];
  scopes: string[];
  tokenEndpointAuth: string;
  assertion?: { subject?: string };
}
const FIRST: Settings = {
  grant: 'authorization_code',
  endpoints: {},
  origins: [],
  scopes: ['api', 'refresh_token', 'openid'],
  tokenEndpointAuth: 'client_secret_basic',
};

/** Where the authorization server is, and what is asked of it. Saving looks at it, and pins what was found. */
export function OAuthSettingsForm({ app, oauth }: { app: App; oauth: OAuth | null }) {
  const { can } = useSession();
  const [settings, setSettings] = useState<Settings>(() => ({ ...FIRST, ...(oauth?.settings as Partial<Settings>) }));
  const [failure, setFailure] = useState<unknown>();
  const [warnings, setWarnings] = useState<{ field: string; problem: string; fix: string }[]>([]);
  const set = (part: Partial<Settings>) => setSettings({ ...settings, ...part });
  const save = useAct(
    async () => {
      const { issuer, ...rest } = settings;
      const body = { ...rest, ...(issuer ? { issuer } : {}), endpoints: withoutBlanks(settings.endpoints) };
      return (await api.PUT('/api/v1/apps/{app}/oauth', { ...changeOf(app), body: body as never })).data;
    },
    {
      done: () => texts.saved,
      failed: setFailure,
      after: (saved) => setWarnings(saved?.warnings ?? []),
      refresh: ['/api/v1/apps', '/api/v1/credentials'],
    },
  );
  const discover = useAct(
    async () =>
      (
        await api.POST('/api/v1/apps/{app}/oauth/discover', {
          params: { path: { app: app.name } },
          body: { issuer: settings.issuer ?? '' },
        })
      ).data,
    {
      failed: setFailure,
      refresh: [],
      done: (found) => (found?.ok ? texts.discovered(Object.keys(found.endpoints).length) : undefined),
      after: (found) => {
        if (!found) return;
        setWarnings(found.problems);
        const own = new URL(app.baseUrl).origin;
        const further = found.origins.filter((origin) => origin !== own);
        if (found.ok) set({ origins: [...new Set([...settings.origins, ...further])] });
      },
    },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const may = can('apps:write');
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        setWarnings([]);
        void save.run(undefined);
      }}
    >
      <fieldset disabled={!may} className={classes['fieldset']}>
        <Select
          label={texts.grant}
          data={Object.entries(texts.grants).map(([value, label]) => ({ value, label }))}
          value={settings.grant}
          onChange={(grant) => set({ grant: grant ?? settings.grant })}
          allowDeselect={false}
          disabled={!may}
        />
        <TextInput
          label={texts.issuer}
          description={texts.issuerHint}
          type="url"
          value={settings.issuer ?? ''}
          onChange={(event) => set({ issuer: event.currentTarget.value })}
          error={refusal?.fieldText('issuer')}
        />
        {settings.issuer && may ? (
          <div className="row">
            <Button size="xs" onClick={() => void discover.run(undefined)} loading={discover.busy}>
              {texts.discover}
            </Button>
          </div>
        ) : null}
        <details open={Object.keys(settings.endpoints).length > 0 || !settings.issuer}>
          <summary>{texts.endpoints}</summary>
          <div className={classes['form']} style={{ marginTop: '0.5rem' }}>
            {(Object.keys(texts.endpointNames) as EndpointName[]).map((name) => (
              <TextInput
                key={name}
                label={texts.endpointNames[name]}
                type="url"
                placeholder={oauth?.endpoints[name]}
                value={settings.endpoints[name] ?? ''}
                onChange={(event) => set({ endpoints: { ...settings.endpoints, [name]: event.currentTarget.value } })}
                error={refusal?.fieldText(`endpoints.${name}`)}
              />
            ))}
          </div>
        </details>
        <TagsInput
          label={texts.origins}
          description={texts.originsHint}
          value={settings.origins}
          onChange={(origins) => set({ origins })}
          error={refusal?.fieldText('origins')}
          disabled={!may}
        />
        <TagsInput
          label={texts.scopes}
          description={texts.scopesHint}
          value={settings.scopes}
          onChange={(scopes) => set({ scopes })}
          error={refusal?.fieldText('scopes')}
          disabled={!may}
        />
        <Select
          label={texts.auth}
          data={Object.entries(texts.auths).map(([value, label]) => ({ value, label }))}
          value={settings.tokenEndpointAuth}
          onChange={(tokenEndpointAuth) => set({ tokenEndpointAuth: tokenEndpointAuth ?? settings.tokenEndpointAuth })}
          allowDeselect={false}
          error={refusal?.fieldText('tokenEndpointAuth')}
          disabled={!may}
        />
        {settings.grant === 'jwt_bearer' ? (
          <TextInput
            label={texts.subject}
            value={settings.assertion?.subject ?? ''}
            onChange={(event) => set({ assertion: { ...settings.assertion, subject: event.currentTarget.value } })}
            error={refusal?.fieldText('assertion.subject')}
          />
        ) : null}
      </fieldset>
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      {warnings.length === 0 ? null : (
        <Notice tone="wait" live>
          <Findings findings={warnings} />
        </Notice>
      )}
      {may ? (
        <div className="row">
          <Button type="submit" variant="filled" loading={save.busy}>
            {texts.save}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

function withoutBlanks<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as Partial<T>;
}
