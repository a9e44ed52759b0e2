import { z } from 'zod';

/** Shapes that the routes about configurations and mappings share. */

export const testResultSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  failures: z.array(z.object({ attribute: z.string(), expected: z.json(), actual: z.json(), message: z.string() })),
});
