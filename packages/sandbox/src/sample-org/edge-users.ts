import { fieldLengths, type SampleUser } from './sample-user.ts';

/**
 * Valid people who break what was written for ordinary ones. Each entry is laid over an ordinary member of the department that it
 * names; `Username` keeps them apart.
 */
export const edgeUsers: (Partial<SampleUser> & Pick<SampleUser, 'Username' | 'LastName' | 'Department'>)[] = [
  everyFieldAtItsLimit('latin', 'Wolfeschlegelsteinhausenbergerdorff', 'Customer Success'),
  everyFieldAtItsLimit('umlaut', 'Überlängenstraßenschäferhöfe', 'Professional Services'),
  everyFieldAtItsLimit('han', '長い名前の社員', 'Sales APAC'),
  everyOptionalFieldBlank('only.required@example.com', 'Required', 'Facilities'),
  {
    ...everyOptionalFieldBlank('prince@example.com', 'プリンス', 'Brand & Communications'),
    PermissionSetGroups: ['Office_Toolkit'],
  },
  {
    Username: 'null@example.com',
    FirstName: 'Jennifer',
    LastName: 'Null',
    Department: 'Finance',
    Title: 'NULL',
    State: 'N/A',
  },
  {
    Username: 'true.false@example.com',
    FirstName: 'True',
    LastName: 'False',
    Department: 'Payroll',
    EmployeeNumber: '0000000',
  },
  {
    Username: 'undefined.nan@example.com',
    FirstName: 'Undefined',
    LastName: 'NaN',
    Department: 'Payroll',
    EmployeeNumber: '1e3',
  },
  {
    Username: 'o@example.com',
    FirstName: 'I',
    LastName: 'O',
    Department: 'Recruiting',
    Alias: 'o',
    CommunityNickname: 'o',
  },
  {
    Username: "siobhan.o'brien+emea@example.com",
    FirstName: 'Siobhán',
    LastName: "O'Brien",
    Department: 'Sales EMEA',
    Title: 'Head of "Special Projects", EMEA & \'New\' Markets',
  },
  {
    Username: 'siobhan.obrien.curly@example.com',
    FirstName: 'Siobhán',
    LastName: 'O’Brien',
    Department: 'Sales EMEA',
    Title: '“Curly” and «angular» quotes',
  },
  {
    Username: 'zoe.nfd@example.com',
    FirstName: 'Zoë'.normalize('NFD'),
    LastName: 'Nguyễn-Ångström'.normalize('NFD'),
    Department: 'Data & Analytics',
    Title: 'Combining marks',
  },
  {
    Username: 'zoe.nfc@example.com',
    FirstName: 'Zoë'.normalize('NFC'),
    LastName: 'Nguyễn-Ångström'.normalize('NFC'),
    Department: 'Data & Analytics',
    Title: 'Combining marks',
  },
  {
    Username: 'maayan.bendavid@example.com',
    FirstName: 'מעיין',
    LastName: 'בן־דוד (Ben David) 2',
    Department: 'Security',
    Title: 'מהנדסת תוכנה, Senior (צוות 7)',
  },
  {
    Username: 'abdulrahman@example.com',
    FirstName: 'عبد الرحمن',
    LastName: 'بن عبد العزيز آل نهيان',
    Department: 'Sales EMEA',
    Title: 'مدير المبيعات – Gulf',
  },
  {
    Username: 'street.lines@example.com',
    FirstName: 'Line',
    LastName: 'Breaks',
    Department: 'Facilities',
    Street: 'c/o "The Works", Unit 5\n2nd floor, door on the left\n\nBehind the bakery',
  },
  {
    Username: 'formula.cells@example.com',
    FirstName: '=1+1',
    LastName: '@SUM(A1:A9)',
    Department: 'Finance',
    Title: '=HYPERLINK("https://example.com","Click")',
    Phone: '+1 212 555 0100',
    MobilePhone: '-',
  },
  {
    Username: 'markup@example.com',
    FirstName: '<b>Bold</b>',
    LastName: '</script><script>alert(1)</script>',
    Department: 'Product Engineering',
    Title: 'C++ & {{template}} $engineer %s %00 \\n \\"',
  },
  {
    Username: 'sql.tables@example.com',
    FirstName: 'Robert',
    LastName: "'); DROP TABLE directory_user;--",
    Department: 'Data & Analytics',
    Title: 'userName eq "x" or active eq true',
  },
  {
    Username: 'twin.one@example.com',
    FirstName: 'Ana',
    LastName: 'Pérez',
    Department: 'Sales Americas',
    Title: 'Account Executive',
  },
  {
    Username: 'twin.two@example.com',
    FirstName: 'Ana',
    LastName: 'Pérez',
    Department: 'Sales Americas',
    Title: 'Account Executive',
  },
  {
    Username: 'mixed.case@example.com',
    FirstName: 'iAN',
    LastName: 'mcKENZIE-İŞIK',
    Department: 'Security',
    Email: 'Mixed.CASE@Example.COM',
  },
  {
    Username: 'semi.colons@example.com',
    FirstName: 'Semi;Colon',
    LastName: 'Com,ma',
    Department: 'Procurement',
    Title: 'Buyer; seller, | tab-less',
    PermissionSets: ['Vpn_Access', 'Expense_Approval', 'Payroll_View'],
    PermissionSetGroups: ['Office_Toolkit', 'People_Leader', 'Finance_Toolkit'],
  },
  {
    Username: 'leap.day@example.com',
    FirstName: 'Leap',
    LastName: 'Day',
    Department: 'Learning & Development',
    StartDate__c: '2024-02-29',
  },
];

function everyFieldAtItsLimit(tag: string, text: string, department: string): (typeof edgeUsers)[number] {
  const full = (field: keyof typeof fieldLengths) => fill(`${text} ${field} `, fieldLengths[field]);
  return {
    Username: `${fill(`${tag}.username.at.its.limit.`, 64)}@hq1.example.com`,
    FirstName: full('FirstName'),
    LastName: full('LastName'),
    Email: `${fill(`${tag}.email.at.its.limit.`, 64)}@${fill('mail-', 51)}.example.com`,
    Alias: fill(tag, fieldLengths.Alias),
    CommunityNickname: full('CommunityNickname'),
    Title: full('Title'),
    Department: department,
    Division: full('Division'),
    CompanyName: full('CompanyName'),
    EmployeeNumber: fill(`${tag}-0123456789-`, fieldLengths.EmployeeNumber),
    Phone: fill('+49 89 5550 1234567890 ', fieldLengths.Phone),
    MobilePhone: fill('+49 171 5550 0987654321 ', fieldLengths.MobilePhone),
    Street: fill(`${text},\n"line"\n`, fieldLengths.Street),
    City: full('City'),
    State: full('State'),
    PostalCode: fill('D-80331-', fieldLengths.PostalCode),
    Country: full('Country'),
    FederationIdentifier: fill(`urn:example:idp:${tag}:`, fieldLengths.FederationIdentifier),
    CostCenter__c: full('CostCenter__c'),
  };
}

function everyOptionalFieldBlank(username: string, lastName: string, department: string): (typeof edgeUsers)[number] {
  return {
    Username: username,
    FirstName: '',
    LastName: lastName,
    Email: username,
    Title: '',
    Department: department,
    Division: '',
    CompanyName: '',
    EmployeeNumber: '',
    Phone: '',
    MobilePhone: '',
    Street: '',
    City: '',
    State: '',
    PostalCode: '',
    Country: '',
    FederationIdentifier: '',
    Manager: '',
    PermissionSets: ['Collaboration_Access'],
    PermissionSetGroups: [],
    CostCenter__c: '',
    StartDate__c: '',
  };
}

/** Exactly `length` characters, none of them a space at either end or a full stop at the end. */
function fill(text: string, length: number): string {
  const filled = text.repeat(Math.ceil(length / text.length)).slice(0, length);
  return filled.replace(/[\s.-]$/, 'x');
}
