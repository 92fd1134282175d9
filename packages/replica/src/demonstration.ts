import { itemsAt, textAt } from '@serment/records/page/element-text';

/** FHIR's own label for records of nobody (v3-ActReason, HTEST). */
export const testData = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  code: 'HTEST',
  display: 'test health data',
};

/** True for the Organization of a practice whose patients are invented. */
export function isDemonstration(organization: unknown): boolean {
  return itemsAt(organization, 'meta.security').some((label) => textAt(label, 'code') === testData.code);
}
