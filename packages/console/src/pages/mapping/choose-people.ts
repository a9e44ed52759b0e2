import type { Item } from '../../api/read.ts';

type User = Item<'/api/v1/users'>;

export interface Pinned {
  readonly username: string;
  readonly name: string;
  readonly why: 'first' | 'noManager' | 'script' | 'longest' | 'inactive' | 'sparse' | 'pinned';
}

const LATIN = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]*$/u;
const MOST = 5;

/** A few people on whom a mapping shows its faults, each with the reason; never the same person twice. Pure. */
export function choosePeople(users: readonly User[]): Pinned[] {
  const nameOf = (user: User) => String(user.Name || user.Username);
  const active = users.filter(({ IsActive }) => IsActive);
  const blanks = (user: User) => Object.values(user).filter((value) => value === null || value === '').length;
  const most = (list: readonly User[], measure: (user: User) => number) =>
    list.reduce<User | undefined>((best, user) => (best && measure(best) >= measure(user) ? best : user), undefined);
  const candidates: [User | undefined, Pinned['why']][] = [
    [active.find((user) => LATIN.test(nameOf(user)) && user.Manager), 'first'],
    [active.find((user) => !LATIN.test(nameOf(user))), 'script'],
    [active.find((user) => !user.Manager), 'noManager'],
    [most(active, (user) => nameOf(user).length), 'longest'],
    [most(active, blanks), 'sparse'],
    [users.find(({ IsActive }) => !IsActive), 'inactive'],
    [active[0], 'first'],
  ];
  const chosen = new Map<string, Pinned>();
  for (const [user, why] of candidates) {
    if (!user || chosen.size >= MOST) continue;
    const username = String(user.Username);
    if (!chosen.has(username)) chosen.set(username, { username, name: nameOf(user), why });
  }
  return [...chosen.values()];
}
