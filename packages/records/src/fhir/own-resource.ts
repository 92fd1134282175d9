import type { z } from 'zod/mini';
import { RecordsError } from '../error.ts';

/**
 * A resource that Serment is about to write, checked by its strict schema. Throws RESOURCE_INVALID with the paths of what is
 * wrong; the values, which are a patient's, stay out of it.
 */
export function checkResource<Schema extends z.ZodMiniType>(schema: Schema, resource: unknown): z.infer<Schema> {
  const result = schema.safeParse(resource);
  if (result.success) return result.data;
  const paths = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
  throw new RecordsError('RESOURCE_INVALID', 'The resource does not keep its schema', {
    fields: { paths: paths.slice(0, 10).join('; '), count: paths.length },
  });
}
