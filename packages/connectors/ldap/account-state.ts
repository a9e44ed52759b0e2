import { ConnectorError, type LdapEntry, type LdapModification } from '@usher/connector-sdk';
import { valuesOf } from './ldap-ground.ts';
import type { LdapOptions } from './ldap-options.ts';

/** ACCOUNTDISABLE, of Active Directory's userAccountControl. */
const DISABLED_FLAG = 0x2;
/** NORMAL_ACCOUNT. */
const NORMAL_FLAG = 0x200;

export function isActive(entry: LdapEntry, options: LdapOptions): boolean {
  switch (options.disableBy) {
    case 'attribute': {
      const values = valuesOf(entry, options.disableAttribute);
      return !values.some((value) => value.toLowerCase() === options.disabledValue.toLowerCase());
    }
    case 'move':
      return !isBelow(entry.dn, formerBaseOf(options));
    case 'userAccountControl':
      return (flagsOf(entry) & DISABLED_FLAG) === 0;
  }
}

/** What brings an entry into this state, beside where it stands; none when it is in it already. */
export function buildStateChanges(entry: LdapEntry, active: boolean, options: LdapOptions): LdapModification[] {
  if (options.disableBy === 'move' || isActive(entry, options) === active) return [];
  if (options.disableBy === 'userAccountControl') {
    const flags = active ? flagsOf(entry) & ~DISABLED_FLAG : flagsOf(entry) | DISABLED_FLAG;
    return [{ change: 'replace', attribute: 'userAccountControl', values: [String(flags)] }];
  }
  return [{ change: 'replace', attribute: options.disableAttribute, values: stateValues(active, options) }];
}

/** Attributes of a new entry in this state. */
export function buildStateAttributes(active: boolean, options: LdapOptions): Record<string, string[]> {
  if (options.disableBy === 'move') return {};
  if (options.disableBy === 'userAccountControl') {
    return { userAccountControl: [String(active ? NORMAL_FLAG : NORMAL_FLAG | DISABLED_FLAG)] };
  }
  const values = stateValues(active, options);
  return values.length === 0 ? {} : { [options.disableAttribute]: values };
}

/** Where an entry of this state is to stand; undefined when it may stay where it is. */
export function chooseParent(dn: string, active: boolean, options: LdapOptions): string | undefined {
  if (options.disableBy !== 'move') return undefined;
  const former = formerBaseOf(options);
  if (active) return isBelow(dn, former) ? options.base : undefined;
  return isBelow(dn, former) ? undefined : former;
}

function formerBaseOf({ formerBase }: LdapOptions): string {
  if (formerBase !== undefined) return formerBase;
  const fix = 'Set "Disabled accounts are below" in the connector options.';
  throw new ConnectorError('unsupported', `Disabling by moving needs a place to move to. ${fix}`);
}

function stateValues(active: boolean, { disabledValue, enabledValue }: LdapOptions): string[] {
  if (!active) return [disabledValue];
  return enabledValue === undefined ? [] : [enabledValue];
}

function flagsOf(entry: LdapEntry): number {
  const flags = Number(valuesOf(entry, 'userAccountControl')[0]);
  return Number.isInteger(flags) ? flags : NORMAL_FLAG;
}

/** By the text of the names, which servers give in one form. */
function isBelow(dn: string, base: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\s*([,=])\s*/g, '$1');
  return plain(dn).endsWith(`,${plain(base)}`);
}
