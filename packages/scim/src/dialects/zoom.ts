import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const zoom: Dialect = buildDialect(standardDialect, {
  id: 'zoom',
  label: 'Zoom',
  notes: [
    'Single sign-on must be on. While a user is pending, attributes are ignored.',
    'userName and displayName are answered with 200 and not changed: such a difference is shown as drift.',
    'Lists show fewer fields than a single read.',
  ],
  sources: [
    'https://devforum.zoom.us/t/update-users-fields-scim2-api/6248',
    'https://documentation.sailpoint.com/connectors/identityiq/zoom/help/integrating_zoom/zoom_api_behavior.html',
  ],
  update: 'put',
  put: { clear: 'empty' },
});
