import { type SampleOrg, type SampleUser, sampleUserFields } from './sample-user.ts';

/** The files of `sample-org/` by name. UTF-8 without a mark, lines ended by LF, lists separated by semicolons. */
export function buildSampleFiles(org: SampleOrg): Map<string, string> {
  return new Map([
    ['users.csv', formatUsersCsv(org.users)],
    ['profiles.csv', formatCsv(['Name', 'Description'], org.profiles)],
    ['permission-sets.csv', formatCsv(['Name', 'Label', 'Description'], org.permissionSets)],
    [
      'permission-set-groups.csv',
      formatCsv(['Name', 'Label', 'Description', 'PermissionSets'], org.permissionSetGroups),
    ],
  ]);
}

export function formatUsersCsv(users: SampleUser[]): string {
  return formatCsv(sampleUserFields, users);
}

function formatCsv<Row extends object>(header: (keyof Row & string)[], rows: Row[]): string {
  const lines = rows.map((row) => header.map((field) => formatCell(row[field])).join(','));
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** RFC 4180 section 2: quoted where a comma, a quote or a line break makes it necessary. */
function formatCell(value: unknown): string {
  const text = Array.isArray(value) ? value.join(';') : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
