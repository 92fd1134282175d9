import { z } from 'zod/mini';
import { id, reference, text } from './element.ts';
import { checkResource } from './own-resource.ts';

/** What a doctor begins a consultation with (docs/format/record.md, Templates). */
export const consultationTemplateSchema = z.strictObject({
  resourceType: z.literal('ConsultationTemplate'),
  id,
  status: z.enum(['active', 'retired']),
  title: z.string().check(z.minLength(1), z.maxLength(80)),
  author: reference,
  section: z.array(z.strictObject({ code: text, text })),
  measure: z.array(text),
  diagnosis: z.array(z.strictObject({ text, code: z.optional(text) })),
  act: z.array(text),
});

export type ConsultationTemplate = z.infer<typeof consultationTemplateSchema>;

/** Throws RESOURCE_INVALID. */
export function newConsultationTemplate(
  logicalId: string,
  template: Omit<ConsultationTemplate, 'resourceType' | 'id' | 'author'> & { readonly author: string },
): ConsultationTemplate {
  const { author, ...rest } = template;
  return checkResource(consultationTemplateSchema, {
    ...{ resourceType: 'ConsultationTemplate', id: logicalId },
    ...rest,
    author: { reference: author },
  });
}

/** Null for what is no template that this version understands. */
export function readConsultationTemplate(resource: unknown): ConsultationTemplate | null {
  const result = consultationTemplateSchema.safeParse(resource);
  return result.success ? result.data : null;
}
