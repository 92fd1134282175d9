import { utf8ToBytes } from '@serment/core/bytes';

export const maxLogicalIdBytes = 255;

const typePattern = /^[A-Z][A-Za-z0-9]{0,63}$/;
const fhirIdPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** `Patient/3f2c…`: a resource type and a logical id. */
export interface RecordName {
  readonly type: string;
  readonly logicalId: string;
}

/** The two halves of a record id, or null when it is none. */
export function splitRecordId(id: string): RecordName | null {
  const slash = id.indexOf('/');
  const type = id.slice(0, Math.max(slash, 0));
  const logicalId = id.slice(slash + 1);
  return isResourceType(type) && isStorableId(logicalId) ? { type, logicalId } : null;
}

export function isResourceType(type: string): boolean {
  return typePattern.test(type);
}

/** FHIR R4 `id`: what Serment itself writes. */
export function isFhirId(logicalId: string): boolean {
  return fhirIdPattern.test(logicalId);
}

/** Wider than FHIR, so that what other software wrote is kept: no slash, no control character, at most 255 bytes of UTF-8. */
export function isStorableId(logicalId: string): boolean {
  if (logicalId === '' || !logicalId.isWellFormed() || /[\p{Cc}/]/u.test(logicalId)) return false;
  return logicalId.length <= maxLogicalIdBytes && utf8ToBytes(logicalId).length <= maxLogicalIdBytes;
}
