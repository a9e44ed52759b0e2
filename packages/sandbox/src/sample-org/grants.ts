import type { SamplePermissionSet, SamplePermissionSetGroup, SampleProfile } from './sample-user.ts';

/**
 * The permission set that grants the demo's connected app. All toolkits but Support's have it, so that adding it to that one
 * reaches more than two hundred people by one change.
 */
export const collaborationAccess = 'Collaboration_Access';

export const profiles: SampleProfile[] = [
  { Name: 'Standard Employee', Description: 'Everyone without a profile of their own trade' },
  { Name: 'Engineering', Description: 'Builds and runs the products' },
  { Name: 'Sales', Description: 'Sells, and helps to sell' },
  { Name: 'Support Agent', Description: "Answers customers' questions" },
  { Name: 'Finance', Description: 'Books, payroll, law and risk' },
  { Name: 'Executive', Description: 'Heads of divisions' },
  { Name: 'Contractor', Description: 'Works here, employed elsewhere' },
  { Name: 'System Administrator', Description: 'Sets up the org' },
];

export const permissionSets: SamplePermissionSet[] = [
  { Name: collaborationAccess, Label: 'Collaboration Suite', Description: 'Chat, calendar and documents' },
  { Name: 'Crm_Access', Label: 'CRM', Description: 'Accounts and opportunities' },
  { Name: 'Crm_Forecasts', Label: 'CRM: Forecasts', Description: "See a team's forecast" },
  { Name: 'Source_Code_Write', Label: 'Source Code', Description: 'Read and change source code' },
  { Name: 'Incident_Response', Label: 'Incident Response', Description: 'On-call rota and paging' },
  { Name: 'Ticketing_Agent', Label: 'Ticketing', Description: "Answer customers' tickets" },
  { Name: 'Ticketing_Supervisor', Label: 'Ticketing: Supervisor', Description: 'Assign and close tickets of others' },
  { Name: 'Ledger_Access', Label: 'Ledger', Description: 'Book and close' },
  { Name: 'Payroll_View', Label: 'Payroll: View', Description: 'See pay slips, "eyes only"' },
  { Name: 'Expense_Approval', Label: 'Expenses: Approve', Description: "Approve a team's expenses" },
  { Name: 'Travel_Booking', Label: 'Travel', Description: 'Book trains, flights & hotels' },
  { Name: 'Vpn_Access', Label: 'VPN', Description: 'Reach the network from elsewhere' },
];

export const permissionSetGroups: SamplePermissionSetGroup[] = [
  {
    Name: 'Engineering_Toolkit',
    Label: 'Engineering Toolkit',
    Description: 'What an engineer needs',
    PermissionSets: [collaborationAccess, 'Source_Code_Write', 'Vpn_Access'],
  },
  {
    Name: 'Sales_Toolkit',
    Label: 'Sales Toolkit',
    Description: 'What a seller needs',
    PermissionSets: [collaborationAccess, 'Crm_Access', 'Travel_Booking'],
  },
  {
    Name: 'Support_Toolkit',
    Label: 'Support Toolkit',
    Description: 'What a support agent needs',
    PermissionSets: ['Ticketing_Agent', 'Vpn_Access'],
  },
  {
    Name: 'Finance_Toolkit',
    Label: 'Finance Toolkit',
    Description: 'What finance and legal need',
    PermissionSets: [collaborationAccess, 'Ledger_Access'],
  },
  {
    Name: 'Office_Toolkit',
    Label: 'Office Toolkit',
    Description: 'What everyone in an office needs',
    PermissionSets: [collaborationAccess, 'Travel_Booking'],
  },
  {
    Name: 'People_Leader',
    Label: 'People Leader',
    Description: 'For whoever leads a team',
    PermissionSets: ['Expense_Approval', 'Travel_Booking'],
  },
];
