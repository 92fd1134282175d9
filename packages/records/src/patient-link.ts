import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json-text.ts';
import { isStorableId, splitRecordId } from './record-id.ts';
import { identifiersOf, maxReferenceLength, type ReferenceResolver, resolveReference } from './reference.ts';

/** Which patient a resource concerns: one, none, several, or one that the reference does not let us find. */
export type PatientLink =
  | { readonly kind: 'one'; readonly patient: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'several' }
  | { readonly kind: 'unknown' };

const directFields = ['subject', 'patient', 'beneficiary', 'for', 'individual', 'candidate'];

/** Types whose patient stands in another place, or in the record that they are about. */
const otherPaths: Readonly<Record<string, readonly string[]>> = {
  Appointment: ['participant.actor'],
  AppointmentResponse: ['actor'],
  AuditEvent: ['entity.what'],
  Binary: ['securityContext'],
  Bundle: ['entry.resource'],
  EnrollmentResponse: ['request'],
  Group: ['member.entity'],
  PaymentNotice: ['request', 'response'],
  Person: ['link.target'],
  Provenance: ['target'],
  VerificationResult: ['target'],
};

const maxHops = 3;

/** The patient whose file a resource belongs to. `Patient` is its own. */
export function patientOf(resource: JsonObject, resolver: ReferenceResolver): PatientLink {
  return linkOf(resource, resolver, maxHops);
}

function linkOf(resource: JsonObject, resolver: ReferenceResolver, hops: number): PatientLink {
  if (resource.resourceType === 'Patient') {
    return typeof resource.id === 'string' && isStorableId(resource.id)
      ? { kind: 'one', patient: `Patient/${resource.id}` }
      : { kind: 'unknown' };
  }
  const type = typeof resource.resourceType === 'string' ? resource.resourceType : '';
  const paths = [...directFields, ...(Object.hasOwn(otherPaths, type) ? (otherPaths[type] ?? []) : [])];
  const links = paths
    .flatMap((path) => path.split('.').reduce<JsonValue[]>(stepInto, [resource]))
    .filter(isJsonObject)
    .map((value) =>
      type === 'Bundle' ? linkOf(value, resolver, hops) : linkOfReference(value, resource, resolver, hops),
    );
  return merged(links);
}

function merged(links: readonly PatientLink[]): PatientLink {
  const patients = new Set(links.flatMap((link) => (link.kind === 'one' ? [link.patient] : [])));
  if (patients.size > 1 || links.some((link) => link.kind === 'several')) return { kind: 'several' };
  if (links.some((link) => link.kind === 'unknown')) return { kind: 'unknown' };
  const [patient] = patients;
  return patient === undefined ? { kind: 'none' } : { kind: 'one', patient };
}

function linkOfReference(value: JsonObject, from: JsonObject, resolver: ReferenceResolver, hops: number): PatientLink {
  const expected = typeof value.type === 'string' ? value.type : null;
  if (typeof value.reference !== 'string') return linkOfIdentifier(value, expected, resolver);
  if (value.reference.startsWith('#')) return linkOfContained(value.reference.slice(1), from, resolver);
  const id = resolveReference(value.reference, resolver);
  const byIdentifier = id === null ? linkOfIdentifier(value, expected, resolver) : null;
  if (byIdentifier !== null && byIdentifier.kind !== 'none') return byIdentifier;
  if (id === null) return mayBePatient(value.reference, expected) ? { kind: 'unknown' } : { kind: 'none' };
  if (splitRecordId(id)?.type === 'Patient') return { kind: 'one', patient: id };
  const target = resolver.get(id);
  return target === null || hops === 0 ? { kind: 'none' } : linkOf(target, resolver, hops - 1);
}

function linkOfIdentifier(value: JsonObject, expected: string | null, resolver: ReferenceResolver): PatientLink {
  if (expected !== null && expected !== 'Patient') return { kind: 'none' };
  const ids = identifiersOf(value).flatMap((identifier) =>
    resolver.idsOfIdentifier('Patient', identifier.system, identifier.value),
  );
  const [patient, other] = new Set(ids);
  if (patient !== undefined) return other === undefined ? { kind: 'one', patient } : { kind: 'unknown' };
  return expected === 'Patient' || isJsonObject(value.identifier) ? { kind: 'unknown' } : { kind: 'none' };
}

/** A contained patient has no file of its own: only its identifiers can say whose file this is. */
function linkOfContained(localId: string, from: JsonObject, resolver: ReferenceResolver): PatientLink {
  const contained = isJsonArray(from.contained) ? from.contained.filter(isJsonObject) : [];
  const target = contained.find((resource) => resource.id === localId);
  if (target === undefined) return { kind: 'unknown' };
  if (target.resourceType !== 'Patient') return { kind: 'none' };
  const ids = identifiersOf(target).flatMap(({ system, value }) => resolver.idsOfIdentifier('Patient', system, value));
  const [patient, other] = new Set(ids);
  return patient !== undefined && other === undefined ? { kind: 'one', patient } : { kind: 'unknown' };
}

/** A reference that names another type is no patient; `urn:uuid:…` could be anyone. */
function mayBePatient(reference: string, expected: string | null): boolean {
  if (expected !== null) return expected === 'Patient';
  if (reference.length > maxReferenceLength) return true;
  const type = /(?:^|\/)([A-Z][A-Za-z0-9]*)(?:\/[^/]+|\?.*)$/.exec(reference)?.[1];
  return type === undefined || type === 'Patient';
}

function stepInto(values: JsonValue[], key: string): JsonValue[] {
  return values.flatMap((value) => {
    const next = isJsonObject(value) ? value[key] : undefined;
    if (next === undefined) return [];
    return isJsonArray(next) ? [...next] : [next];
  });
}
