export type { AttributeEvaluation, CompiledMapping, Desired, MappingVerdict } from './compile-mapping.ts';
export { compileMapping, findAttribute, rootOf } from './compile-mapping.ts';
export type { MappingRule } from './mapping-rule.ts';
export type { SourceFieldDefinition, SourceNeeds, SourcePerson, SourceRecord } from './source-record.ts';
export { buildUserSourceSchema } from './source-record.ts';
