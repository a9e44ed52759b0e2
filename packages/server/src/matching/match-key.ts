import { hash as digest } from 'node:crypto';
import type { AttributeValue } from '@usher/connector-sdk';
import { type CompiledMapping, placeOf } from '../mapping/index.ts';

/** A matching attribute as it is compared. */
export interface MatchingAttribute {
  path: string;
  /** Capitals count, as the target says of it. */
  isExact: boolean;
}

/** The attributes that find accounts, in the order in which the engine asks by them. */
export function listMatchingAttributes(mapping: CompiledMapping, paths: readonly string[]): MatchingAttribute[] {
  return paths.map((path) => {
    const found = mapping.rules.find(({ rule }) => placeOf(rule.target) === placeOf(path));
    return { path, isExact: found?.attribute?.caseExact === true };
  });
}

/** 64 bits of the value, as a bigint column holds them, in decimal; null for what is no text or blank. */
export function keyOf(
  value: AttributeValue | undefined,
  { isExact }: Pick<MatchingAttribute, 'isExact'>,
): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return digest('sha1', isExact ? value : value.toLowerCase(), 'buffer')
    .readBigInt64BE(0)
    .toString();
}
