import type { Queryable } from '../db/index.ts';
import type { FieldProblem } from '../refusal.ts';
import { quote } from './parse-field-value.ts';
import { findIdsByFederationIdentifier, findIdsByUsername } from './sql/find-user-ids.ts';
import type { UserPlan } from './user-change.ts';

interface Claim {
  index: number;
  userId: string;
  field: 'Username' | 'FederationIdentifier';
  value: string;
}

/** Values that must be unique and that another user has, or another change of the batch asks for: problems by the place of the plan. */
export async function findTakenValues(
  db: Queryable,
  plans: readonly UserPlan[],
  repeatsAllowed: boolean,
): Promise<Map<number, FieldProblem[]>> {
  const claims = plans.flatMap(listClaims);
  const valuesOf = (field: Claim['field']) => claims.filter((claim) => claim.field === field).map(({ value }) => value);
  const holders = {
    Username: await findIdsByUsername(db, valuesOf('Username')),
    FederationIdentifier: await findIdsByFederationIdentifier(db, valuesOf('FederationIdentifier')),
  };
  const claimed = new Map<string, Claim>();
  const problems = new Map<number, FieldProblem[]>();
  const report = (claim: Claim, whose: string) => {
    const problem = `${quote(claim.value)} is the ${claim.field} of ${whose}`;
    const fix = `Choose another, or change that user first.`;
    problems.set(claim.index, [...(problems.get(claim.index) ?? []), { field: claim.field, problem, fix }]);
  };
  for (const claim of claims) {
    const holder = holders[claim.field].get(claim.value);
    if (holder !== undefined && holder !== claim.userId) report(claim, `another user (${holder})`);
    const key = `${claim.field} ${claim.field === 'Username' ? claim.value.toLowerCase() : claim.value}`;
    if (claimed.has(key) && !repeatsAllowed) report(claim, 'another user of the same request');
    else claimed.set(key, claim);
  }
  return problems;
}

function listClaims(plan: UserPlan, index: number): Claim[] {
  if (plan.kind === 'refused' || plan.kind === 'unchanged' || plan.kind === 'deleted') return [];
  const { before, after } = plan;
  const previous = before && !before.isDeleted ? before : undefined;
  const claims: Claim[] = [];
  if (after.username !== previous?.username) {
    claims.push({ index, userId: after.id, field: 'Username', value: after.username });
  }
  const identifier = after.fields['FederationIdentifier'];
  if (typeof identifier === 'string' && identifier !== previous?.fields['FederationIdentifier']) {
    claims.push({ index, userId: after.id, field: 'FederationIdentifier', value: identifier });
  }
  return claims;
}
