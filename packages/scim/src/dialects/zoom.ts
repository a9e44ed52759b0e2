import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const zoom: Dialect = buildDialect(standardDialect, {
  id: 'zoom',
  basis: 'documented',
  label: 'Zoom',
  notes: [
    'Single sign-on must be on. While a user is pending, attributes are ignored.',
    'userName and displayName are answered with 200 and not changed: such a difference is shown as drift.',
    'Lists show fewer fields than a single read.',
  ],
  sources: [
    'https://developers.zoom.us/docs/api/scim2/',
    'https://support.okta.com/help/s/article/zoom-deprovisioning-user-removed-from-zoom-application-in-okta-but-did-not-deactivate-in-zoom-side',
    'https://devforum.zoom.us/t/update-users-fields-scim2-api/6248',
    'https://documentation.sailpoint.com/connectors/identityiq/zoom/help/integrating_zoom/zoom_api_behavior.html',
  ],
  deactivate: {
    effect: 'deactivates',
    note: 'The user can no longer sign in and loses its licences. Administrators of Zoom stay active: make them members first.',
    basis: 'documented',
    source: 'https://developers.zoom.us/docs/api/scim2/',
  },
  update: 'put',
  put: { clear: 'empty' },
});
