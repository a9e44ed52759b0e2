import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const awsIamIdentityCenter: Dialect = buildDialect(standardDialect, {
  id: 'aws-iam-identity-center',
  basis: 'documented',
  label: 'AWS IAM Identity Center',
  notes: [
    'Takes one value only of e-mail addresses, addresses and phone numbers.',
    'Groups: at most 100 membership changes a request, never a replacement of all; a read shows no members.',
    'The access token of automatic provisioning expires: renew it in time.',
  ],
  sources: [
    'https://docs.aws.amazon.com/singlesignon/latest/developerguide/deleteuser.html',
    'https://docs.aws.amazon.com/singlesignon/latest/developerguide/limitations.md',
    'https://docs.amazonaws.cn/singlesignon/latest/developerguide/patchgroup.html',
    'https://github.com/goauthentik/authentik/issues/12321',
    'https://github.com/goauthentik/authentik/issues/23005',
  ],
  filter: { caseSensitive: false },
  paging: { pageSize: 50 },
  members: { batchSize: 100, readsComplete: false },
  attributes: {
    unsupported: ['password', 'photos', 'ims', 'x509Certificates', 'entitlements', 'display'],
    singleValued: ['emails', 'addresses', 'phoneNumbers'],
  },
  uniqueness: { enforced: 'yes', attributes: ['userName', 'externalId'] },
  deactivate: {
    effect: 'deactivates',
    note: 'The user can no longer sign in; the record and its assignments stay.',
    basis: 'assumed',
  },
  delete: {
    effect: 'deletes',
    note: 'The user and all its assignments are removed for good.',
    basis: 'documented',
    source: 'https://docs.aws.amazon.com/singlesignon/latest/developerguide/deleteuser.html',
  },
});
