import { bytesToHex } from '@serment/core/bytes';
import { documentScheme } from '@serment/records/fhir/document';
import type { DocumentKey } from '@serment/records/version';
import type { SaveRequest } from './saving.ts';

type SavedRecord = SaveRequest['records'][number];

/**
 * A record of a file that was merged is changed where it stands, with the documents that it refers to: versions in two
 * streams never meet.
 */
export async function requestsByOwner(
  request: SaveRequest,
  ownerOf: (patient: string, recordId: string) => Promise<string>,
): Promise<SaveRequest[]> {
  const { patient, records, documents = [] } = request;
  if (patient === null) return [request];
  const byOwner = new Map<string, SavedRecord[]>();
  for (const record of records) {
    const { resourceType, id } = record.resource as { resourceType?: unknown; id?: unknown };
    const owner = record.replaces.length === 0 ? patient : await ownerOf(patient, `${resourceType}/${id}`);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), record]);
  }
  if (byOwner.size === 0) return [request];
  const owners = [...byOwner.keys()];
  const holderOf = (key: DocumentKey) => owners.find((owner) => refersTo(byOwner.get(owner) ?? [], key)) ?? owners[0];
  return [...byOwner].map(([owner, own]) => {
    const held = documents.filter((key) => holderOf(key) === owner);
    return { patient: owner, records: own, documents: held };
  });
}

function refersTo(records: readonly SavedRecord[], { blobId }: DocumentKey): boolean {
  const name = `${documentScheme}${bytesToHex(blobId)}`;
  return records.some(({ resource }) => JSON.stringify(resource).includes(name));
}
