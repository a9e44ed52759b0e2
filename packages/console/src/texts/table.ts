/** What every large table says of how one looks at it. */
export const tableTexts = {
  view: 'View',
  views: 'Views',
  columns: 'Columns',
  density: 'Density',
  densities: { comfortable: 'Comfortable', compact: 'Compact' },
  keep: 'Keep this view',
  keepTitle: 'Keep this view',
  keepVerb: 'Keep it',
  name: 'Name',
  nameHint: 'It keeps the filters, in this browser. To send a view to somebody, send the address.',
  replaces: 'The view of this name is replaced.',
  forget: (name: string) => `Forget “${name}”`,
};
