import { type ConnectionReport, type Connector, ConnectorError, type TargetTraits } from '@usher/connector-sdk';
import { accountClassOf } from './account-class.ts';
import { buildLdapAccounts } from './ldap-accounts.ts';
import { basesOf, type LdapGround, searchAccounts, send, valuesOf } from './ldap-ground.ts';
import { buildLdapGroups } from './ldap-groups.ts';
import { type LdapOptions, ldapOptionsSchema } from './ldap-options.ts';

/** Accounts in an LDAP directory: OpenLDAP, 389 Directory Server, Active Directory and the like. */
export const ldap: Connector<LdapOptions> = {
  id: 'ldap',
  version: '1.0.0',
  label: 'LDAP',
  description: 'Entries of an LDAP directory: created, renamed, disabled, put into groups. Base URL: ldaps://host.',
  optionsSchema: ldapOptionsSchema,
  protocol: 'ldap',
  credentialKinds: ['basic'],
  connect: (context) => {
    const ground: LdapGround = { ldap: context.ldap, options: withDefaults(context.options) };
    return {
      accounts: buildLdapAccounts(ground, context),
      groups: buildLdapGroups(ground),
      traits: buildTraits(ground.options),
      test: () => testConnection(ground),
    };
  },
};

/** Also for who runs a changed copy of this folder as a connector of their own. */
export default ldap;

/** The host fills in defaults; whoever joins the connector otherwise need not. */
function withDefaults(options: Partial<LdapOptions> & Pick<LdapOptions, 'base'>): LdapOptions {
  const defaults: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(ldapOptionsSchema.properties)) {
    if ('default' in property) defaults[name] = property.default;
  }
  return { ...(defaults as unknown as LdapOptions), ...options };
}

function buildTraits(options: LdapOptions): TargetTraits {
  return {
    visibilityDelayMs: 0,
    uniqueness: { enforced: 'yes', attributes: [options.nameAttribute] },
    searchable: 'any',
    deactivate: { effect: 'deactivates', note: describeDisabling(options), basis: 'documented' },
    delete: {
      effect: 'deletes',
      note: 'Deletes the entry for good, after taking it out of its groups.',
      basis: 'documented',
    },
    rateLimits: [],
    credentialLifetimeDays: undefined,
    notes: [
      'A deactivated account that is bound already stays so until its application asks again.',
      'The lock of a password policy holds for binds by password only: whatever else lets people in does not see it.',
    ],
    sources: [
      'https://www.rfc-editor.org/rfc/rfc4511',
      'https://www.openldap.org/software/man.cgi?query=slapo-ppolicy',
    ],
  };
}

function describeDisabling(options: LdapOptions): string {
  switch (options.disableBy) {
    case 'attribute':
      return `Sets ${options.disableAttribute} to ${options.disabledValue}; what that locks is the directory's to say (a password policy locks where its pwdLockout is TRUE).`;
    case 'move':
      return `Moves the entry below ${options.formerBase ?? 'another entry'}; who searches elsewhere finds it no more.`;
    case 'userAccountControl':
      return 'Sets the flag ACCOUNTDISABLE; the account can no longer sign in.';
  }
}

/** RFC draft-behera-ldap-password-policy: the control by which a server says that it has a password policy. */
const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';
const LOCK = 'pwdaccountlockedtime';

async function testConnection(ground: LdapGround): Promise<ConnectionReport> {
  const steps: ConnectionReport['steps'] = [];
  const attempt = async (step: 'discovery' | 'read', run: () => Promise<Omit<(typeof steps)[0], 'step'>>) => {
    try {
      steps.push({ step, ...(await run()) });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      steps.push({ step, ok: false, message: error.message, detail: error.detail });
    }
  };
  await attempt('discovery', () => checkDisabling(ground));
  await attempt('read', () => readOne(ground));
  return { steps };
}

/** A lock that the server does not know would leave every leaver inside. */
async function checkDisabling(ground: LdapGround): Promise<{ ok: boolean; message: string }> {
  const { options } = ground;
  const root = await send(ground, {
    operation: 'search',
    base: '',
    scope: 'base',
    filter: { attribute: 'objectClass', present: true },
    attributes: ['supportedControl'],
  });
  const controls = root.entries[0] ? valuesOf(root.entries[0], 'supportedControl') : [];
  if (options.disableBy !== 'attribute' || options.disableAttribute.toLowerCase() !== LOCK) {
    return { ok: true, message: `The server answers. Deactivating: ${describeDisabling(options)}` };
  }
  const fix = 'Set up the policy, or choose another way to disable in the connector options.';
  if (!controls.includes(PASSWORD_POLICY)) {
    return {
      ok: false,
      message: `The server has no password policy, so ${options.disableAttribute} locks nobody. ${fix}`,
    };
  }
  return {
    ok: true,
    message:
      'The server has a password policy. Deactivated accounts are locked where its pwdLockout is TRUE: see to that.',
  };
}

async function readOne(ground: LdapGround): Promise<{ ok: boolean; message: string }> {
  const isAccount = { attribute: 'objectClass', equals: accountClassOf(ground.options) };
  const found = await searchAccounts(ground, isAccount, ['1.1'], 1);
  const what = found.length === 0 ? 'there is none yet' : 'one was read';
  return { ok: true, message: `Accounts below ${basesOf(ground).join(' and ')} can be read: ${what}.` };
}
