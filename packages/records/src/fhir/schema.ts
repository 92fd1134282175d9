import { z } from 'zod/mini';
import { RecordsError } from '../error.ts';
import { flagSchema } from './ald.ts';
import { allergyIntoleranceSchema } from './allergy.ts';
import {
  conditionSchema,
  documentReferenceSchema,
  encounterSchema,
  immunizationSchema,
  medicationRequestSchema,
  observationSchema,
  procedureSchema,
} from './clinical.ts';
import { consentSchema } from './consent.ts';
import { consultationTemplateSchema } from './consultation-template.ts';
import { coverageSchema } from './coverage.ts';
import { communicationSchema, provenanceSchema, taskSchema } from './deposit.ts';
import { deviceSchema, organizationSchema, practitionerRoleSchema, practitionerSchema } from './directory.ts';
import { familyMemberHistorySchema } from './family-history.ts';
import { informationSchema } from './information.ts';
import { diagnosticReportSchema } from './laboratory.ts';
import { compositionSchema } from './note.ts';
import { checkResource } from './own-resource.ts';
import { patientSchema } from './patient.ts';
import { readingTaskSchema } from './reading-task.ts';
import { relatedPersonSchema } from './related-person.ts';
import { medicationStatementSchema } from './treatment.ts';

/** The types that Serment writes. Imports are not held to these: what they bring is kept as received. */
const schemas: ReadonlyMap<string, z.ZodMiniType> = new Map<string, z.ZodMiniType>([
  ['AllergyIntolerance', allergyIntoleranceSchema],
  ['Communication', z.union([communicationSchema, informationSchema])],
  ['Composition', compositionSchema],
  ['Condition', conditionSchema],
  ['Consent', consentSchema],
  ['ConsultationTemplate', consultationTemplateSchema],
  ['Coverage', coverageSchema],
  ['Device', deviceSchema],
  ['DiagnosticReport', diagnosticReportSchema],
  ['DocumentReference', documentReferenceSchema],
  ['Encounter', encounterSchema],
  ['FamilyMemberHistory', familyMemberHistorySchema],
  ['Flag', flagSchema],
  ['Immunization', immunizationSchema],
  ['MedicationRequest', medicationRequestSchema],
  ['MedicationStatement', medicationStatementSchema],
  ['Observation', observationSchema],
  ['Organization', organizationSchema],
  ['Patient', patientSchema],
  ['Practitioner', practitionerSchema],
  ['PractitionerRole', practitionerRoleSchema],
  ['Procedure', procedureSchema],
  ['Provenance', provenanceSchema],
  ['RelatedPerson', relatedPersonSchema],
  ['Task', z.union([taskSchema, readingTaskSchema])],
]);

export function hasSchema(type: string): boolean {
  return schemas.has(type);
}

/** Checks a resource before Serment writes it. Throws RESOURCE_INVALID, also for a type that Serment does not write. */
export function checkOwnResource(resource: { readonly resourceType: string }): void {
  const schema = schemas.get(resource.resourceType);
  if (schema === undefined) throw new RecordsError('RESOURCE_INVALID', 'Serment does not write resources of this type');
  checkResource(schema, resource);
}
