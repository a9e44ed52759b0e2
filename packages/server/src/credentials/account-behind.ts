/** Whose authorization it is, as far as the target tells. */
export interface BehindAccount {
  readonly subject: string | null;
  readonly label: string | null;
  readonly email: string | null;
  readonly from: 'ID token' | 'userinfo' | 'introspection' | 'target';
  /** Why it looks like a person's account, as a sentence; null when it does not. */
  readonly personal: string | null;
}

/** A user of our directory, by whom an account may turn out to be a person's. */
export interface DirectoryPerson {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

const SERVICE_WORDS =
  /(^|[^a-z])(svc|service|servic|srv|api|app|bot|integration|integrations|provision|provisioning|scim|usher|system|sys|robot|automation|admin|administrator|noreply|no-reply|daemon|machine|sync|connector|sa)([^a-z]|$)/i;

/** What claims, userinfo, an introspection or a `/Me` say of an account; undefined when they name nobody. */
export function readAccount(
  facts: Readonly<Record<string, unknown>>,
  from: BehindAccount['from'],
): Omit<BehindAccount, 'personal'> | undefined {
  const text = (...names: string[]): string | null => {
    for (const name of names) {
      const value = facts[name];
      if (typeof value === 'string' && value.trim() !== '') return value.trim().slice(0, 300);
    }
    return null;
  };
  const subject = text('sub', 'user_id', 'id');
  const label = text('name', 'displayName', 'preferred_username', 'username', 'userName');
  const email =
    text('email', 'mail') ??
    readEmail(facts['emails']) ??
    asEmail(text('preferred_username', 'username', 'userName', 'sub'));
  return subject === null && label === null && email === null ? undefined : { subject, label, email, from };
}

function readEmail(emails: unknown): string | null {
  if (!Array.isArray(emails)) return null;
  for (const item of emails) {
    const value: unknown = typeof item === 'object' && item !== null ? (item as { value?: unknown }).value : item;
    if (typeof value === 'string' && value.includes('@')) return value.slice(0, 300);
  }
  return null;
}

function asEmail(text: string | null): string | null {
  return text?.includes('@') ? text : null;
}

/**
 * Why an account looks like that of a person, who may leave and take the authorization along. One that is in the
 * directory is certain; a name such as ada.lovelace is a guess, and said so.
 */
export function judgePersonal(
  { label, email, subject }: Pick<BehindAccount, 'label' | 'email' | 'subject'>,
  person: DirectoryPerson | undefined,
): string | null {
  if (person) {
    return `It is the account of ${person.name} (${person.username}), who is in the directory: it may die when they leave. Authorize with an account that is nobody's.`;
  }
  const names = [label, email?.split('@')[0] ?? null, subject].filter((name) => name !== null);
  if (names.some((name) => SERVICE_WORDS.test(name.replaceAll('_', '-')))) return null;
  const local = email?.split('@')[0] ?? '';
  const looksNamed =
    /^[a-z]{2,}[._-][a-z]{2,}\d{0,2}$/i.test(local) || /^\p{Lu}\p{Ll}+ (\p{L}\.? )?\p{Lu}\p{Ll}+/u.test(label ?? '');
  if (!looksNamed) return null;
  return `${label ?? email} looks like a person, who may leave and take the authorization along. Authorize with an account that is nobody's.`;
}
