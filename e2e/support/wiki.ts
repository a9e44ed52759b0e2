import type { Instance } from './instance.ts';

/** An active app, Wiki, for the permission set Wiki_Access, which these people hold; their accounts come by themselves. */
export async function prepareWiki(instance: Instance, people: readonly string[], more: object = {}): Promise<void> {
  const { call } = instance;
  await call('POST', '/permission-sets', { Name: 'Wiki_Access' });
  const rows = people.map(
    (name) => `${name}@example.com,${name},Tester,${name}@example.com,Clerk,Standard User,Wiki_Access`,
  );
  await call(
    'POST',
    '/users/import',
    ['Username,FirstName,LastName,Email,Title,Profile,PermissionSets', ...rows].join('\n'),
  );
  await call('POST', '/apps', { name: 'Wiki', label: 'Wiki', connector: 'scim2', baseUrl: instance.target.url });
  await call('PUT', '/apps/Wiki/credential', { kind: 'bearer', token: instance.targetToken }, { 'if-match': '*' });
  const { mapping } = await call<{ mapping: Rule[] }>('GET', '/apps/Wiki/mapping/proposal');
  await call('POST', '/apps/Wiki/configurations', { mapping, ...more });
  await call('POST', '/apps/Wiki/assignments', { kind: 'permission set', name: 'Wiki_Access' });
  await call('POST', '/apps/Wiki/activate', { withoutRollout: 'To be tested' });
}

interface Rule {
  target: string;
  formula: string;
}

/** Another version of its configuration, in which titles come out otherwise. Gives its number. */
export async function saveTitles(instance: Instance, formula: string, more: object = {}): Promise<number> {
  const { mapping } = await instance.call<{ mapping: Rule[] }>('GET', '/apps/Wiki/mapping/proposal');
  const changed = [...mapping.filter(({ target }) => target !== 'title'), { target: 'title', formula }];
  const saved = await instance.call<{ version: number }>('POST', '/apps/Wiki/configurations', {
    mapping: changed,
    ...more,
  });
  return saved.version;
}

/** Waits until the instance says so, for at most ten seconds. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`It did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
