import { useQuery } from '@tanstack/react-query';
import { read } from '../../api/read.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { useSession } from '../../session/session.tsx';
import { roleNames, peopleTexts as texts } from '../../texts/people.ts';

const VARIABLES = [
  'USHER_OIDC_ISSUER',
  'USHER_OIDC_CLIENT_ID',
  'USHER_OIDC_CLIENT_SECRET',
  'USHER_OIDC_LABEL',
  'USHER_OIDC_ROLE_CLAIM',
  'USHER_OIDC_ROLES',
  'USHER_OIDC_DEFAULT_ROLE',
  'USHER_OIDC_EMAIL_DOMAINS',
];

/** What each role may do, and whether people come in by single sign-on. */
export function SignInPanel() {
  const { signIn } = useSession();
  const roles = useQuery({ ...read('/api/v1/roles', {}), staleTime: 600_000 });
  return (
    <>
      <Panel title={texts.roles} flush>
        <Loaded query={roles}>
          {({ items }) => (
            <SimpleTable
              label={texts.roles}
              head={[texts.role, texts.roles]}
              keys={items.map(({ role }) => role)}
              rows={items.map(({ role, description }) => [
                <strong key="role" className="nowrap">
                  {roleNames[role] ?? role}
                </strong>,
                description,
              ])}
            />
          )}
        </Loaded>
      </Panel>
      <Panel title={texts.ssoTitle}>
        <div className="stack">
          <Notice tone={signIn.singleSignOn ? 'ok' : 'idle'}>
            {signIn.singleSignOn ? texts.ssoOn(signIn.singleSignOn.label) : texts.ssoOff}
          </Notice>
          <p className="dim" style={{ margin: 0 }}>
            {texts.ssoHow}
          </p>
          <ul className="mono break" style={{ margin: 0 }}>
            {VARIABLES.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </div>
      </Panel>
    </>
  );
}
