import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFieldValue, type ValueSource } from './parse-field-value.ts';
import { STANDARD_USER_FIELDS, type UserField } from './user-fields.ts';

const custom = (type: UserField['type'], more: Partial<UserField> = {}): UserField => ({
  name: 'X__c',
  label: 'X',
  type,
  custom: true,
  ...more,
});
const standard = (name: string): UserField => {
  const field = STANDARD_USER_FIELDS.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`There is no field ${name}`);
  return field;
};
const RED = { picklist: ['Red', 'Blue', 'Deep Blue'] };

test('Values are read as their field’s type asks', () => {
  const cases: [UserField, unknown, ValueSource, unknown][] = [
    [standard('FirstName'), '  ', 'csv', null],
    [standard('FirstName'), ' Ann ', 'csv', ' Ann '],
    [standard('FirstName'), 'é'.repeat(40), 'json', 'é'.repeat(40)],
    [standard('FirstName'), '😀'.repeat(40), 'json', '😀'.repeat(40)],
    [standard('Street'), 'a\nb', 'json', 'a\nb'],
    [standard('Username'), 'Zoe\u0308@example.com', 'csv', 'Zoë@example.com'],
    [standard('Email'), "o'neill+x@sub.example.com", 'csv', "o'neill+x@sub.example.com"],
    [standard('IsActive'), ' TRUE ', 'csv', true],
    [standard('IsActive'), '0', 'csv', false],
    [standard('EmailEncodingKey'), 'utf-8', 'csv', 'UTF-8'],
    [standard('DefaultCurrencyIsoCode'), 'eur', 'json', 'EUR'],
    [standard('TimeZoneSidKey'), 'Asia/Kolkata', 'json', 'Asia/Kolkata'],
    [custom('number'), '0012.50', 'csv', 12.5],
    [custom('number'), -3, 'json', -3],
    [custom('date'), '2024-02-29', 'csv', '2024-02-29'],
    [custom('dateTime'), '2026-11-23T10:30:00+01:00', 'json', '2026-11-23T09:30:00.000Z'],
    [custom('picklist', RED), 'deep blue', 'csv', 'Deep Blue'],
    [custom('multipicklist', RED), 'blue; red;blue', 'csv', ['Red', 'Blue']],
    [custom('multipicklist', RED), [], 'json', null],
  ];
  for (const [field, raw, source, value] of cases) {
    assert.deepEqual(parseFieldValue(field, raw, source), { ok: true, value }, `${field.name} ${JSON.stringify(raw)}`);
  }
});

test('What does not fit is refused with a problem and a fix', () => {
  const cases: [UserField, unknown, ValueSource, RegExp][] = [
    [standard('FirstName'), 'é'.repeat(41), 'csv', /41 characters/],
    [standard('FirstName'), 'a\tb', 'csv', /U\+0009/],
    [standard('FirstName'), true, 'json', /boolean, not a text/],
    [standard('Email'), 'a@b', 'json', /form of an email/],
    [standard('Email'), 'a b@example.com', 'json', /form of an email/],
    [standard('IsActive'), 'maybe', 'csv', /neither true nor false/],
    [standard('IsActive'), 1, 'json', /number, not true or false/],
    [standard('TimeZoneSidKey'), '+01:00', 'json', /time zone/],
    [custom('number'), '1.234,5', 'csv', /not a number/],
    [custom('number'), '12345678901234567', 'csv', /15 digits/],
    [custom('number'), Number.POSITIVE_INFINITY, 'json', /15 digits/],
    [custom('date'), '2023-02-29', 'csv', /does not exist/],
    [custom('dateTime'), '2026-11-23T10:30:00', 'json', /not a date and time/],
    [custom('dateTime'), '2026-02-30T10:30:00Z', 'json', /does not exist/],
    [custom('picklist', RED), 'Green', 'csv', /not one of its values/],
    [custom('multipicklist', RED), ['Red', 7], 'json', /number in it/],
  ];
  for (const [field, raw, source, text] of cases) {
    const parsed = parseFieldValue(field, raw, source);
    assert.ok(!parsed.ok, `${field.name} ${JSON.stringify(raw)} was taken`);
    assert.match(parsed.problem, text);
    assert.ok(parsed.fix.length > 3);
  }
});
