import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const figma: Dialect = buildDialect(standardDialect, {
  id: 'figma',
  basis: 'documented',
  label: 'Figma',
  notes: ['userName is the e-mail address; changing it changes the login. The seat is a role.'],
  sources: ['https://developers.figma.com/docs/rest-api/scim-supported-schemas'],
  attributes: { maxLength: { displayName: 100, userName: 255 } },
  deactivate: {
    effect: 'unlinks',
    note: 'Removes the user from the organization.',
    basis: 'documented',
    source: 'https://developers.figma.com/docs/rest-api/scim-supported-schemas',
  },
});
