import { z } from 'zod';
import { observationSchema, receivedPatientSchema } from './clinical.ts';
import { base, codeableConcept, concepts, dateTime, instant, reference, references, text } from './element.ts';

export const diagnosticReportSchema = z.strictObject({
  resourceType: z.literal('DiagnosticReport'),
  ...base,
  contained: z
    .array(z.union([receivedPatientSchema, observationSchema]))
    .min(1)
    .optional(),
  status: z.enum([
    'registered',
    'partial',
    'preliminary',
    'final',
    'amended',
    'corrected',
    'entered-in-error',
    'unknown',
  ]),
  category: concepts.optional(),
  code: codeableConcept,
  subject: reference.optional(),
  effectiveDateTime: dateTime.optional(),
  issued: instant.optional(),
  performer: references.optional(),
  result: references.optional(),
  conclusion: text.optional(),
});

export type DiagnosticReport = z.infer<typeof diagnosticReportSchema>;
export type ReceivedPatient = z.infer<typeof receivedPatientSchema>;
