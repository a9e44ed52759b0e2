import type { AttributeSchema, AttributeValue } from '@usher/connector-sdk';
import type { FormulaValue, ValueType } from '@usher/formula';

/** Multi-valued attributes whose elements are objects with a `value` (RFC 7643 §2.4), for targets that do not say. */
const VALUE_LISTS = new Set(['roles', 'entitlements', 'emails', 'phonenumbers', 'ims', 'photos', 'x509certificates']);

/** From the formula's value to the JSON the target expects; text for a text attribute whatever the formula's type. */
export function shapeFor(
  path: string,
  type: ValueType,
  attribute: AttributeSchema | undefined,
): (value: FormulaValue) => AttributeValue {
  const isValueList = VALUE_LISTS.has(path.toLowerCase());
  const takesList = attribute ? attribute.multiValued : isValueList || type === 'textList';
  if (takesList) {
    const asObjects = attribute ? attribute.type === 'complex' : isValueList;
    return (given) => {
      if (given === null) return null;
      const values = Array.isArray(given) ? given : [given as AttributeValue];
      return asObjects ? values.map((value) => ({ value })) : [...values];
    };
  }
  if (attribute?.type === 'text' && type !== 'text') return (value) => (value === null ? null : String(value));
  return (value) => value as AttributeValue;
}
