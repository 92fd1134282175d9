import type { JsonObject } from '../json-text.ts';
import { codeSystems } from './coding-system.ts';

/** Types whose verification says it; of these FHIR wants no clinical status beside it (con-5, ait-2). */
const verified: Readonly<Record<string, string>> = {
  Condition: codeSystems.conditionVerification,
  AllergyIntolerance: codeSystems.allergyVerification,
};

/** A resource that should never have been written, as FHIR says so: nobody who reads it takes it for a fact. */
export function inError(resource: JsonObject): JsonObject {
  // FHIR gives it no status: it is of nobody now.
  if (resource.resourceType === 'RelatedPerson') return { ...resource, active: false };
  const system = typeof resource.resourceType === 'string' ? verified[resource.resourceType] : undefined;
  if (system === undefined) return { ...resource, status: 'entered-in-error' };
  const { clinicalStatus: _, ...rest } = resource;
  return { ...rest, verificationStatus: { coding: [{ system, code: 'entered-in-error' }] } };
}
