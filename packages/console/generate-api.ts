import openapiTypescript, { astToString } from 'openapi-typescript';

/**
 * The types of our API, from its own description (OpenAPI 3.1). A reference to a schema that the description does not hold
 * stands for any JSON; refusals are left out, for every one is a `Problem`.
 */
export async function writeApiTypes(description: string): Promise<string> {
  const document = JSON.parse(description) as { components: { schemas: Record<string, unknown> } };
  const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
  const complete = JSON.parse(description, (key, value: unknown) => {
    if (key === 'responses') return withoutRefusals(value as Record<string, unknown>);
    return isReference(value) && !known.has(value.$ref) ? {} : value;
  });
  const types = astToString(await openapiTypescript(complete, { alphabetize: true }));
  return `// Written by npm run generate from the API description.\n\n${types}`;
}

function withoutRefusals(responses: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(responses).filter(([status]) => /^[23]/.test(status)));
}

function isReference(value: unknown): value is { $ref: string } {
  return typeof value === 'object' && value !== null && typeof (value as { $ref?: unknown }).$ref === 'string';
}
