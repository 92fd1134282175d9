import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describedDocument, newDocument, withDocumentStatus } from '../../src/fhir/document.ts';
import { documentTypeConcept, documentTypeNames, documentTypeOf } from '../../src/fhir/document-types.ts';
import { isJsonObject, type JsonObject, parseJson, stringifyJson } from '../../src/json-text.ts';

const details = { title: 'Lettre', type: 'letter', day: '2024-05-03', author: 'Dr Roy', tags: ['cardio'] } as const;
const document = newDocument('d1', {
  ...details,
  ...{ patient: 'Patient/p1', filedBy: 'Practitioner/m1', at: '2026-11-23T14:05:00+01:00' },
  ...{ blobId: '00'.repeat(16), mediaType: 'application/pdf', size: 12, isMadeInert: false },
});

function objectOf(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : assert.fail();
}

describe('a document’s record', () => {
  it('says its kind, its day, its author, its tags and where its bytes are', () => {
    assert.equal(document.type?.coding?.[0]?.code, '51852-2');
    assert.deepEqual(document.author, [{ display: 'Dr Roy' }]);
    assert.deepEqual(document.category, [{ text: 'cardio' }]);
    const { attachment } = document.content[0] ?? assert.fail();
    assert.equal(attachment.url, `urn:serment:document:${'00'.repeat(16)}`);
    assert.equal(attachment.creation, '2024-05-03');
  });

  it('is described otherwise without losing what an import brought', () => {
    const imported = objectOf(
      '{"resourceType":"DocumentReference","id":"x","masterIdentifier":{"value":"1.10"},"size":1.10,"category":[{"text":"a"}],"content":[{"attachment":{"url":"http://x","creation":"2020"}},{"attachment":{}}]}',
    );
    const changed = describedDocument(imported, { ...details, tags: [], day: '' });
    assert.equal(
      stringifyJson(changed),
      '{"resourceType":"DocumentReference","id":"x","masterIdentifier":{"value":"1.10"},"size":1.10,"content":[{"attachment":{"url":"http://x","title":"Lettre"}},{"attachment":{}}],"type":{"coding":[{"system":"http://loinc.org","code":"51852-2"}],"text":"Courrier"},"author":[{"display":"Dr Roy"}],"description":"Lettre"}',
    );
    assert.equal(withDocumentStatus(changed, 'entered-in-error').status, 'entered-in-error');
  });

  it('is refused without a title, or with a day that is none', () => {
    assert.throws(() => describedDocument({}, { ...details, title: ' ' }), { code: 'RESOURCE_INVALID' });
    const day = '31/12/2024';
    assert.throws(() => describedDocument({}, { ...details, day }), { code: 'RESOURCE_INVALID' });
    assert.throws(
      () =>
        newDocument('d1', {
          ...{ ...details, day, patient: 'Patient/p1', filedBy: 'Practitioner/m1', at: '2026-11-23T14:05:00+01:00' },
          ...{ blobId: '00'.repeat(16), mediaType: 'application/pdf', size: 12, isMadeInert: true },
        }),
      { code: 'RESOURCE_INVALID' },
    );
  });

  it('tells each kind from the others', () => {
    for (const name of documentTypeNames) {
      const concept = documentTypeConcept(name);
      const codes = 'coding' in concept ? (concept.coding ?? []).map(({ code }) => code) : [];
      assert.equal(documentTypeOf(codes, concept.text), name);
    }
    assert.equal(documentTypeOf(['34108-1'], 'Outpatient Note'), null);
  });
});
