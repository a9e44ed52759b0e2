import type { Dialect } from './dialect.ts';

export const coreUserUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const coreGroupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseUserUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const patchOpUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const searchRequestUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const bulkRequestUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const coreUrn1 = 'urn:scim:schemas:core:1.0';
export const enterpriseUrn1 = 'urn:scim:schemas:extension:enterprise:1.0';

/** The core schema that a new user or group of this version names. */
export function coreSchemaOf(kind: 'User' | 'Group', version: Dialect['scimVersion']): string {
  if (version === '1.1') return coreUrn1;
  return kind === 'User' ? coreUserUrn : coreGroupUrn;
}

const translatedByVersion = { '1.1': new Map<string, string>(), '2.0': new Map<string, string>() };

/**
 * The same attribute in the words of this version: the enterprise extension's URN, and `manager.value` (2.0) or
 * `manager.managerId` (1.1). A mapping written for one version so works with the other. Other paths stay.
 */
export function translatePath(path: string, version: Dialect['scimVersion']): string {
  const translated = translatedByVersion[version];
  const known = translated.get(path);
  if (known !== undefined) return known;
  const [from, to] = version === '1.1' ? [enterpriseUserUrn, enterpriseUrn1] : [enterpriseUrn1, enterpriseUserUrn];
  let result = path;
  if (path.toLowerCase().startsWith(from.toLowerCase()) && /^[:.]/.test(path.slice(from.length))) {
    const local = path.slice(from.length + 1);
    result = `${to}:${version === '1.1' ? local.replace(/^manager\.value$/i, 'manager.managerId') : local.replace(/^manager\.managerId$/i, 'manager.value')}`;
  }
  if (translated.size >= 5000) translated.clear();
  translated.set(path, result);
  return result;
}
