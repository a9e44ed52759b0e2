import type { Culture } from './people-names.ts';

export interface Office {
  Street: string;
  City: string;
  State: string;
  PostalCode: string;
  Country: string;
  TimeZoneSidKey: string;
  LocaleSidKey: string;
  LanguageLocaleKey: string;
  EmailEncodingKey: string;
  phonePrefix: string;
  cultures: Culture[];
}

function office(cells: string, cultures: Culture[]): Office {
  const [
    Street,
    City,
    State,
    PostalCode,
    Country,
    TimeZoneSidKey,
    LocaleSidKey,
    LanguageLocaleKey,
    EmailEncodingKey,
    phonePrefix,
  ] = cells.split('|') as [string, string, string, string, string, string, string, string, string, string];
  return {
    Street,
    City,
    State,
    PostalCode,
    Country,
    TimeZoneSidKey,
    LocaleSidKey,
    LanguageLocaleKey,
    EmailEncodingKey,
    phonePrefix,
    cultures,
  };
}

export const offices = {
  sanFrancisco: office(
    '1 Harbor Plaza\nSuite 400|San Francisco|California|94105|United States|America/Los_Angeles|en_US|en_US|UTF-8|+1 415 555',
    ['english', 'english', 'spanish', 'chinese', 'indian', 'vietnamese'],
  ),
  newYork: office(
    '200 Example Avenue, Floor 31|New York|New York|10001|United States|America/New_York|en_US|en_US|UTF-8|+1 212 555',
    ['english', 'english', 'irish', 'hebrew', 'brazilian', 'korean'],
  ),
  montreal: office(
    '55, rue de l’Église|Montréal|Québec|H2Y 1C6|Canada|America/Toronto|fr_CA|fr|ISO-8859-1|+1 514 555',
    ['french', 'english', 'vietnamese'],
  ),
  saoPaulo: office(
    'Rua da Consolação, 1200 – 3º andar|São Paulo|SP|01302-001|Brasil|America/Sao_Paulo|pt_BR|pt_BR|UTF-8|+55 11 5555',
    ['brazilian'],
  ),
  dublin: office("4 King's Quay|Dublin||D02 XY45|Ireland|Europe/Dublin|en_IE|en_US|UTF-8|+353 1 555", [
    'irish',
    'irish',
    'english',
    'slavic',
  ]),
  munich: office(
    'Große Beispielstraße 12a|München|Bayern|80331|Deutschland|Europe/Berlin|de_DE|de|ISO-8859-1|+49 89 5550',
    ['german', 'german', 'turkish', 'slavic', 'greek'],
  ),
  paris: office('8, allée des Érables\nBâtiment C|Paris||75011|France|Europe/Paris|fr_FR|fr|UTF-8|+33 1 55 55', [
    'french',
    'arabic',
  ]),
  madrid: office('Calle de Núñez de Balboa, 3, 2º B|Madrid||28001|España|Europe/Madrid|es_ES|es|UTF-8|+34 91 555', [
    'spanish',
  ]),
  stockholm: office('Östra Ågatan 7|Stockholm||111 20|Sverige|Europe/Stockholm|sv_SE|sv|UTF-8|+46 8 555', ['nordic']),
  warsaw: office('ul. Świętokrzyska 14|Warszawa|mazowieckie|00-050|Polska|Europe/Warsaw|pl_PL|pl|UTF-8|+48 22 555', [
    'slavic',
    'cyrillic',
  ]),
  istanbul: office('İstiklal Caddesi No: 5|İstanbul||34430|Türkiye|Europe/Istanbul|tr_TR|tr|UTF-8|+90 212 555', [
    'turkish',
  ]),
  telAviv: office('רחוב הדוגמה 10|תל אביב־יפו||6100000|ישראל|Asia/Jerusalem|iw_IL|iw|UTF-8|+972 3 555', [
    'hebrew',
    'cyrillic',
  ]),
  dubai: office('شارع المثال ٢٢|دبي||00000|United Arab Emirates|Asia/Dubai|ar_AE|ar|UTF-8|+971 4 555', [
    'arabic',
    'indian',
  ]),
  bengaluru: office(
    '#42, 5th Cross, "Example Towers"|Bengaluru|Karnataka|560001|India|Asia/Kolkata|en_IN|en_US|UTF-8|+91 80 5555',
    ['indian'],
  ),
  tokyo: office('千代田区丸の内1-2-3|東京|東京都|100-0005|日本|Asia/Tokyo|ja_JP|ja|Shift_JIS|+81 3 5555', ['japanese']),
  shanghai: office('示例路88号|上海|上海市|200000|中国|Asia/Shanghai|zh_CN|zh_CN|GB2312|+86 21 5555', ['chinese']),
  seoul: office('예시로 77|서울||04524|대한민국|Asia/Seoul|ko_KR|ko|ks_c_5601-1987|+82 2 555', ['korean']),
  bangkok: office('99 ถนนตัวอย่าง|กรุงเทพมหานคร||10110|ประเทศไทย|Asia/Bangkok|th_TH|th|UTF-8|+66 2 555', ['thai']),
} satisfies Record<string, Office>;

export type OfficeName = keyof typeof offices;

export interface Department {
  division: string;
  name: string;
  size: number;
  profile: string;
  permissionSetGroup: string;
  costCenter: string;
  titles: string[];
  offices: OfficeName[];
}

const engineering = {
  division: 'Technology',
  profile: 'Engineering',
  permissionSetGroup: 'Engineering_Toolkit',
  offices: ['sanFrancisco', 'munich', 'bengaluru', 'warsaw', 'telAviv', 'tokyo'] as OfficeName[],
};
const sales = { division: 'Revenue', profile: 'Sales', permissionSetGroup: 'Sales_Toolkit' };
const customer = { division: 'Customer Experience', profile: 'Support Agent', permissionSetGroup: 'Support_Toolkit' };
const marketing = {
  division: 'Marketing',
  profile: 'Standard Employee',
  permissionSetGroup: 'Office_Toolkit',
  offices: ['newYork', 'paris', 'madrid', 'saoPaulo'] as OfficeName[],
};
const finance = {
  division: 'Finance & Legal',
  profile: 'Finance',
  permissionSetGroup: 'Finance_Toolkit',
  offices: ['newYork', 'dublin', 'munich'] as OfficeName[],
};
const people = {
  division: 'People',
  profile: 'Standard Employee',
  permissionSetGroup: 'Office_Toolkit',
  offices: ['sanFrancisco', 'dublin', 'stockholm', 'bengaluru'] as OfficeName[],
};
const operations = { division: 'Operations', profile: 'Standard Employee', permissionSetGroup: 'Office_Toolkit' };

const softwareTitles = [
  'Software Engineer',
  'Senior Software Engineer',
  'Staff Engineer',
  'Principal Engineer, Distributed Systems',
];
const sellerTitles = [
  'Account Executive',
  'Senior Account Executive',
  'Sales Development Rep',
  'Directeur/Directrice des ventes',
];

export const departments: Department[] = [
  { ...engineering, name: 'Platform Engineering', size: 90, costCenter: '4100', titles: softwareTitles },
  { ...engineering, name: 'Product Engineering', size: 150, costCenter: '4110', titles: softwareTitles },
  {
    ...engineering,
    name: 'Quality Engineering',
    size: 45,
    costCenter: '4120',
    titles: ['Test Engineer', 'Senior Test Engineer'],
  },
  {
    ...engineering,
    name: 'Site Reliability',
    size: 40,
    costCenter: '4130',
    titles: ['Site Reliability Engineer', 'Database Engineer'],
  },
  {
    ...engineering,
    name: 'Data & Analytics',
    size: 50,
    costCenter: '4140',
    titles: ['Data Scientist', 'Analyst', 'Data Engineer (ETL/ELT)'],
  },
  { ...engineering, name: 'Security', size: 30, costCenter: '4150', titles: ['Security Engineer', 'Threat Analyst'] },
  {
    ...engineering,
    name: 'R&D "Skunkworks"',
    size: 12,
    costCenter: '4190',
    titles: ['Researcher', 'Senior Researcher, AI/ML'],
  },
  {
    ...engineering,
    name: 'Forschung & Entwicklung (München)',
    size: 28,
    costCenter: '4200',
    titles: ['Entwickler/in', 'Prüfingenieur/in'],
    offices: ['munich'],
  },
  {
    ...engineering,
    name: 'Corporate IT',
    size: 35,
    costCenter: '4300',
    titles: ['Systems Administrator', 'IT Support Specialist', 'Network Engineer'],
  },
  {
    ...sales,
    name: 'Sales EMEA',
    size: 95,
    costCenter: '2100',
    titles: sellerTitles,
    offices: ['dublin', 'paris', 'munich', 'madrid', 'istanbul', 'dubai', 'stockholm'],
  },
  {
    ...sales,
    name: 'Sales Americas',
    size: 110,
    costCenter: '2200',
    titles: sellerTitles,
    offices: ['newYork', 'sanFrancisco', 'saoPaulo', 'montreal'],
  },
  {
    ...sales,
    name: 'Sales APAC',
    size: 70,
    costCenter: '2300',
    titles: sellerTitles,
    offices: ['tokyo', 'shanghai', 'seoul', 'bangkok', 'bengaluru'],
  },
  {
    ...sales,
    name: 'Sales Engineering',
    size: 45,
    costCenter: '2400',
    titles: ['Solutions Engineer', 'Solution Architect'],
    offices: ['newYork', 'dublin', 'tokyo'],
  },
  {
    ...sales,
    name: 'Partnerships',
    size: 30,
    costCenter: '2500',
    titles: ['Partner Manager', 'Alliances Lead'],
    offices: ['newYork', 'paris', 'seoul'],
  },
  {
    ...customer,
    name: 'Customer Support',
    size: 280,
    costCenter: '3100',
    titles: ['Support Agent', 'Senior Support Agent', 'Support Engineer (L3)'],
    offices: ['dublin', 'warsaw', 'bengaluru', 'saoPaulo', 'montreal'],
  },
  {
    ...customer,
    name: 'Customer Success',
    size: 80,
    costCenter: '3200',
    profile: 'Standard Employee',
    permissionSetGroup: 'Sales_Toolkit',
    titles: ['Customer Success Manager'],
    offices: ['dublin', 'newYork', 'tokyo'],
  },
  {
    ...customer,
    name: 'Professional Services',
    size: 60,
    costCenter: '3300',
    profile: 'Standard Employee',
    permissionSetGroup: 'Office_Toolkit',
    titles: ['Consultant', 'Senior Consultant'],
    offices: ['munich', 'newYork', 'shanghai'],
  },
  {
    ...marketing,
    name: 'Brand & Communications',
    size: 25,
    costCenter: '5100',
    titles: ['Communications Specialist', 'Copywriter', 'Designer'],
  },
  {
    ...marketing,
    name: 'Demand Generation',
    size: 30,
    costCenter: '5200',
    titles: ['Campaign Specialist', 'SEO Analyst'],
  },
  { ...marketing, name: 'Product Marketing', size: 20, costCenter: '5300', titles: ['Product Marketer'] },
  {
    ...finance,
    name: 'Finance',
    size: 45,
    costCenter: '6100',
    titles: ['Accountant', 'Controller', 'Financial Analyst'],
  },
  { ...finance, name: 'Payroll', size: 12, costCenter: '6200', titles: ['Payroll Specialist'] },
  {
    ...finance,
    name: 'Legal, Risk & Compliance',
    size: 22,
    costCenter: '6300',
    titles: ['Counsel', 'Compliance Officer', 'Paralegal'],
  },
  { ...people, name: 'People & Culture', size: 30, costCenter: '7100', titles: ['People Partner', 'HR Generalist'] },
  { ...people, name: 'Recruiting', size: 22, costCenter: '7200', titles: ['Recruiter', 'Sourcer'] },
  { ...people, name: 'Learning & Development', size: 10, costCenter: '7300', titles: ['Trainer'] },
  {
    ...operations,
    name: 'Facilities',
    size: 30,
    costCenter: '8100',
    titles: ['Facilities Coordinator', 'Receptionist', 'Hausmeister/in'],
    offices: ['sanFrancisco', 'munich', 'dublin', 'bangkok'],
  },
  {
    ...operations,
    name: 'Procurement',
    size: 18,
    costCenter: '8200',
    titles: ['Buyer', 'Senior Buyer'],
    offices: ['dublin', 'shanghai'],
  },
];
