import { buildDialect, type Dialect, standardDialect } from '../dialect.ts';

export const miro: Dialect = buildDialect(standardDialect, {
  id: 'miro',
  basis: 'documented',
  label: 'Miro',
  notes: ['A change of a group over 500 bytes counts against a far smaller limit: members are sent a few at a time.'],
  sources: ['https://developers.miro.com/reference/rate-limits'],
  members: { batchSize: 5 },
  rateLimits: [
    { counts: 'GET /Groups', requests: 5, perSeconds: 30 },
    { counts: 'PATCH of a group, over 500 bytes', requests: 5, perSeconds: 30 },
    { counts: 'PATCH of a group, under 500 bytes', requests: 100, perSeconds: 30 },
  ],
});
