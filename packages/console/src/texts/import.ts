import { byCount, counted, number } from './format.ts';

export const importTexts = {
  title: 'Import users',
  lead: 'From a CSV file in UTF-8 with the names of fields in its first line. It is looked at first; nothing is changed before you say so.',
  file: 'CSV file',
  filePick: 'Choose a file',
  fileDrop: 'or drop it here',
  chosen: (name: string, kilobytes: number) => `${name} (${number(kilobytes)} kB)`,
  key: 'A line means the user with this',
  mode: 'When a line is wrong',
  modes: { 'all-or-nothing': 'Import nothing', 'skip-bad-rows': 'Leave that line out' },
  snapshot: 'The file is everybody',
  snapshotHint:
    'Active users that it does not name are deactivated. More than usual are refused unless you allow their number.',
  look: 'Look at the file',
  looking: 'Looking at the file',
  result: 'What would happen',
  done: 'What happened',
  rows: 'Lines',
  created: 'Created',
  updated: 'Changed',
  unchanged: 'As they are',
  deactivated: 'Deactivated',
  reactivated: 'Reactivated',
  left: 'Leave, for the file does not name them',
  bad: 'Wrong lines',
  problems: (count: number) => counted(count, 'problem', 'problems'),
  problemColumns: { line: 'Line', column: 'Column', problem: 'What is wrong', fix: 'Fix' },
  leavers: 'Who would leave',
  tooManyLeavers: (count: number, limit: number) =>
    `${counted(count, 'user', 'users')} would leave, more than the usual ${number(limit)}. Is the file whole?`,
  allowLeavers: 'So many may leave',
  changes: 'Changes',
  changeColumns: { line: 'Line', user: 'User name', outcome: 'Outcome', fields: 'Fields' },
  outcomes: { created: 'created', updated: 'changed' },
  verb: (created: number, changed: number, leave: number) =>
    leave > 0
      ? `Import ${number(created + changed)} and deactivate ${number(leave)} ${byCount(leave, 'user', 'users')}`
      : `Import ${number(created + changed)} ${byCount(created + changed, 'user', 'users')}`,
  nothing: 'Nothing would change.',
  another: 'Import another file',
  toUsers: 'See the users',
  imported: 'Imported',
  needsMending: 'Nothing is imported while lines are wrong. Mend the file, or leave those lines out.',
};
