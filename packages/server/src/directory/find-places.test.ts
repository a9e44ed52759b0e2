import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlaces } from './find-places.ts';

const DOCUMENT = {
  mapping: [
    { target: 'userName', formula: 'Username' },
    { target: 'title', formula: 'UPPER(level__c) & Manager.Level__c' },
    { target: 'nickName', formula: 'Level__cc & XLevel__c' },
  ],
  scopingFilter: 'Level__c > 3',
  mappingTests: [{ name: 'chief', user: { fields: { Level__c: 9 } }, expect: {} }],
};

test('Every place that names a field is found, and no other', () => {
  assert.deepEqual(findPlaces(DOCUMENT, 'Level__c'), [
    'mapping[title].formula',
    'scopingFilter',
    'mappingTests[chief].user.fields.Level__c',
  ]);
  assert.deepEqual(findPlaces(DOCUMENT, 'Other__c'), []);
});
