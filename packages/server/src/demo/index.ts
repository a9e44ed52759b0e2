export { type DemoCompany, describeCompany, loadCompany, removeCompany } from './demo-company.ts';
