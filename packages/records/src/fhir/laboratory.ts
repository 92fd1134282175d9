import { z } from 'zod/mini';
import { observationSchema, receivedPatientSchema } from './clinical.ts';
import {
  base,
  codeableConcept,
  concepts,
  dateTime,
  instant,
  oneOrMore,
  reference,
  references,
  text,
} from './element.ts';

export const diagnosticReportSchema = z.strictObject({
  resourceType: z.literal('DiagnosticReport'),
  ...base,
  contained: z.optional(oneOrMore(z.union([receivedPatientSchema, observationSchema]))),
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
  category: z.optional(concepts),
  code: codeableConcept,
  subject: z.optional(reference),
  effectiveDateTime: z.optional(dateTime),
  issued: z.optional(instant),
  performer: z.optional(references),
  result: z.optional(references),
  conclusion: z.optional(text),
});

export type DiagnosticReport = z.infer<typeof diagnosticReportSchema>;
export type ReceivedPatient = z.infer<typeof receivedPatientSchema>;
