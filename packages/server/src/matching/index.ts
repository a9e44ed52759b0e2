export { cancelReport, createReport, getReport, type ReportRequest, resumeReport } from './create-report.ts';
export { exportMatchingCsv, exportMatchingNdjson } from './export-report.ts';
export {
  CATEGORIES,
  describeReport,
  type ItemFilter,
  type MatchingItem,
  type MatchingReport,
  type MatchingRule,
  type Resolution,
  STANDINGS,
} from './matching-report.ts';
export { loadRules, setRules } from './matching-rules.ts';
export { MatchingRunner } from './matching-runner.ts';
export { resolveByFilter, resolveItem } from './resolve-items.ts';
export { listItems } from './sql/items.ts';
export { findLatestReady, listReports } from './sql/reports.ts';
export { findResolution, listResolutions } from './sql/resolutions.ts';
