import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findNearestName } from './nearest-name.ts';

const NAMES = ['Username', 'FirstName', 'LastName', 'Department', 'EmployeeNumber', 'CostCenter__c', 'City'];

test('The name that was probably meant', () => {
  const cases: [string, string | undefined][] = [
    ['username', 'Username'],
    ['Usernmae', 'Username'],
    ['user name', 'Username'],
    ['Depatment', 'Department'],
    ['cost center', 'CostCenter__c'],
    ['Employee', 'EmployeeNumber'],
    ['Cty', 'City'],
    ['State', undefined],
    ['', undefined],
    ['__proto__', undefined],
    ['x'.repeat(100_000), undefined],
  ];
  for (const [asked, expected] of cases) assert.equal(findNearestName(asked, NAMES), expected, asked.slice(0, 40));
});
