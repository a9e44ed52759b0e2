import { Button } from '@mantine/core';
import { IconCheck, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { CopyIcon } from '../../parts/copy.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { listed } from '../../texts/format.ts';
import { roleNames } from '../../texts/people.ts';
import { signOnTexts as texts } from '../../texts/settings.ts';
import classes from '../setup/setup-page.module.css';

type SignOn = Answer<'/api/v1/single-sign-on'>;
type Settings = NonNullable<SignOn['settings']>;
type Tested = { ok: boolean; checks: { check: string; ok: boolean; message: string; fix: string | null }[] };

/** How people come in by the organisation's provider: what is set, whether it would work, and how it is set up. */
export function SingleSignOnPage() {
  const signOn = useQuery(read('/api/v1/single-sign-on', {}));
  return (
    <Loaded query={signOn}>
      {(found) => (
        <div className="stack">
          <Panel title={texts.title}>
            <div className="stack">
              <p className="dim" style={{ margin: 0 }}>
                {texts.lead}
              </p>
              <Notice tone={found.settings ? 'ok' : 'idle'}>
                {found.settings ? texts.on(found.settings.label) : texts.off} {texts.why}
              </Notice>
              <Redirect signOn={found} />
            </div>
          </Panel>
          {found.settings ? (
            <>
              <Panel title={texts.set}>
                <SettingFacts settings={found.settings} />
              </Panel>
              <TestPanel />
            </>
          ) : null}
          <Variables variables={found.variables} />
        </div>
      )}
    </Loaded>
  );
}

function Redirect({ signOn: { redirectUri, hasPublicUrl } }: { signOn: SignOn }) {
  return (
    <div>
      <p className="dim" style={{ margin: 0 }}>
        {texts.redirect}
      </p>
      <p className="row" style={{ margin: 0 }}>
        <code className="mono break">{redirectUri}</code> <CopyIcon value={redirectUri} what={texts.redirect} />
      </p>
      {hasPublicUrl ? null : (
        <Notice tone="wait">
          <p>{texts.redirectLoose}</p>
        </Notice>
      )}
    </div>
  );
}

function SettingFacts({ settings }: { settings: Settings }) {
  const { issuer, clientId, hasClientSecret, label, scopes, roleClaim, roles, defaultRole, emailDomains } = settings;
  const { fields } = texts;
  return (
    <Facts
      wide
      facts={[
        [
          fields.issuer,
          <span key="issuer" className="break">
            {issuer}
          </span>,
        ],
        [
          fields.clientId,
          <code key="client" className="mono break">
            {clientId}
          </code>,
        ],
        [fields.clientSecret, hasClientSecret ? texts.secretSet : texts.secretNone],
        [fields.label, label],
        [fields.scopes, ['openid', ...scopes].join(' ')],
        [fields.roleClaim, roleClaim ?? texts.claimNone],
        [
          fields.roles,
          roles.length === 0 ? (
            texts.rolesNone
          ) : (
            <ol key="roles" style={{ margin: 0, paddingInlineStart: '1.125rem' }}>
              {roles.map(({ value, role }) => (
                <li key={value} className="break">
                  <code className="mono">{value}</code> {roleNames[role] ?? role}
                </li>
              ))}
            </ol>
          ),
        ],
        [fields.defaultRole, defaultRole === null ? texts.notLetIn : (roleNames[defaultRole] ?? defaultRole)],
        [fields.emailDomains, emailDomains.length === 0 ? texts.everyDomain : texts.domains(listed(emailDomains))],
      ]}
    />
  );
}

function TestPanel() {
  const { can } = useSession();
  const [tested, setTested] = useState<Tested>();
  const [failure, setFailure] = useState<unknown>();
  const test = useAct(async () => (await api.POST('/api/v1/single-sign-on/test', {})).data as Tested, {
    refresh: [],
    failed: setFailure,
    after: setTested,
  });
  if (!can('people:write')) return null;
  return (
    <Panel
      title={texts.test}
      actions={
        <Button
          size="xs"
          loading={test.busy}
          onClick={() => {
            setFailure(undefined);
            void test.run(undefined);
          }}
        >
          {texts.test}
        </Button>
      }
    >
      <div className="stack">
        <p className="dim" style={{ margin: 0 }}>
          {texts.testLead}
        </p>
        {failure === undefined ? null : (
          <Notice tone="bad" live>
            <FailureText error={failure} />
          </Notice>
        )}
        {tested ? (
          <>
            <Notice tone={tested.ok ? 'ok' : 'bad'} live>
              {tested.ok ? texts.testOk : texts.testBad}
            </Notice>
            <ul className={classes['checks']}>
              {tested.checks.map(({ check, ok, message, fix }) => (
                <li key={check}>
                  <span style={{ color: ok ? (fix === null ? 'var(--u-ok)' : 'var(--u-wait)') : 'var(--u-bad)' }}>
                    <CheckMark ok={ok} isKnown={fix === null} />
                  </span>
                  <div>
                    <p>
                      <strong>{texts.checks[check] ?? check}</strong> {message}
                    </p>
                    {fix === null ? null : (
                      <p>
                        {texts.fix}: {fix}
                      </p>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </Panel>
  );
}

function CheckMark({ ok, isKnown }: { ok: boolean; isKnown: boolean }) {
  if (!ok) return <IconX size={18} aria-label="✗" />;
  return isKnown ? <IconCheck size={18} aria-label="✓" /> : <IconInfoCircle size={18} aria-label="!" />;
}

function Variables({ variables }: { variables: SignOn['variables'] }) {
  return (
    <Panel title={texts.variables} flush>
      <p className="dim" style={{ margin: 0, padding: '1rem 1rem 0.5rem' }}>
        {texts.variablesLead}
      </p>
      <SimpleTable
        label={texts.variables}
        head={Object.values(texts.columns)}
        keys={Object.keys(variables)}
        rows={Object.entries(variables).map(([setting, variable]) => [
          <span key="variable" className="row">
            <code className="mono break">{variable}</code> <CopyIcon value={variable} what={variable} />
          </span>,
          texts.explained[setting] ?? '',
        ])}
      />
    </Panel>
  );
}
