export type { AttributeEvaluation, CompiledMapping, Desired, MappingVerdict } from './compile-mapping.ts';
export { compileMapping, findMissingReference } from './compile-mapping.ts';
export type { LookupTables, MappingRule } from './mapping-rule.ts';
export {
  buildSampleRecord,
  type MappingTest,
  type MappingTestResult,
  runMappingTest,
  type SampleUser,
} from './mapping-test.ts';
export type { ScopeVerdict, ScopingFilter } from './scoping-filter.ts';
export type { SourceFieldDefinition, SourceNeeds, SourcePerson, SourceRecord } from './source-record.ts';
export { buildUserSourceSchema } from './source-record.ts';
export { diffSchemas, findAttribute, overlaySchema, placeOf, rootOf, type SchemaChange } from './target-attribute.ts';
export { type FormulaTrial, tryFormula } from './try-formula.ts';
