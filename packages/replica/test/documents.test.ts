import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DocumentKey } from '@serment/records/version';
import { memoryCache } from '../src/cache.ts';
import { type DocumentParts, openDocumentBytes, sealUpload, sendUpload, uploadDocument } from '../src/documents.ts';
import type { Practice } from '../src/practice.ts';
import { Liar } from './liar.ts';
import { Network } from './network.ts';
import { createTestPractice, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

const megabyte = 1_048_576;

describe('documents', () => {
  let server: RunningServer;
  let made: TestPractice;
  let network: Network;
  let device: Practice;

  before(async () => {
    server = await startRunningServer();
    made = await createTestPractice(server.url);
    network = new Network();
    device = await openDevice(made, { fetch: network.fetch });
  });
  after(() => server?.remove());

  const partsOf = (cache = memoryCache()): DocumentParts => ({
    practice: made.practice,
    transport: device.transport,
    cache,
    random: device.random,
  });
  const bytesOf = (sizeBytes: number) => {
    const bytes = new Uint8Array(sizeBytes);
    for (let at = 0; at < sizeBytes; at += 4099) bytes[at] = at % 251;
    return bytes;
  };
  const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream();

  for (const sizeBytes of [0, 1, 16_384, 8 * megabyte])
    it(`come back as they were sent, of ${sizeBytes} bytes`, async () => {
      const bytes = bytesOf(sizeBytes);
      const cache = memoryCache();
      const document = await uploadDocument({ clear: streamOf(bytes), mediaType: 'image/png' }, partsOf(cache));
      assert.deepEqual(await openDocumentBytes(document, partsOf()), bytes);
      assert.deepEqual(await cache.keys('upload/'), []);
    });

  it('that are small are sent in one request, again after an answer that was lost, and asked for once they are gone here', async () => {
    const bytes = bytesOf(megabyte / 2);
    const cache = memoryCache();
    const document = await sealUpload({ clear: streamOf(bytes), mediaType: 'image/png' }, partsOf(cache));
    network.asked.length = 0;
    network.losing.push(/^PUT .*\/blobs\/[0-9a-f]+$/);
    await assert.rejects(sendUpload(document, partsOf(cache)), { code: 'UNREACHABLE' });
    await sendUpload(document, partsOf(cache));
    assert.deepEqual(
      network.asked.map((asked) => asked.slice(0, asked.indexOf(' '))),
      ['PUT', 'PUT'],
    );
    await sendUpload(document, partsOf(cache));
    assert.deepEqual(await openDocumentBytes(document, partsOf()), bytes);
  });

  it('are sent on after a cut, with the same sealed bytes and only the parts that are missing', async () => {
    const bytes = bytesOf(20 * megabyte);
    const cache = memoryCache();
    const document = await sealUpload({ clear: streamOf(bytes), mediaType: 'application/pdf' }, partsOf(cache));
    network.asked.length = 0;
    network.losing.push(/^PUT .*\/uploads\/[0-9a-f]+\/1$/);
    await assert.rejects(sendUpload(document, partsOf(cache)), { code: 'UNREACHABLE' });
    network.asked.length = 0;
    await sendUpload(document, partsOf(cache));
    assert.equal(network.asked.filter((asked) => asked.startsWith('PUT ')).length, 1);
    await sendUpload(document, partsOf(cache));
    assert.deepEqual(await openDocumentBytes(document, partsOf()), bytes);
    assert.deepEqual(await cache.keys('upload/'), []);
  });

  it('are refused over 200 MB, leaving nothing on the device', async () => {
    const cache = memoryCache();
    let left = 201;
    const clear = new ReadableStream<Uint8Array>({
      pull(controller) {
        left -= 1;
        if (left < 0) controller.close();
        else controller.enqueue(new Uint8Array(megabyte));
      },
    });
    await assert.rejects(sealUpload({ clear, mediaType: 'image/png' }, partsOf(cache)), { code: 'DOCUMENT_INVALID' });
    assert.deepEqual(await cache.keys('upload/'), []);
  });

  it('show nothing when the host gives other, cut, or endless bytes', async () => {
    const documents: DocumentKey[] = [];
    for (const fill of [1, 2]) {
      const clear = streamOf(new Uint8Array(40_000).fill(fill));
      documents.push(await uploadDocument({ clear, mediaType: 'image/png' }, partsOf()));
    }
    const [first, second] = documents;
    assert.ok(first && second);
    const liar = await Liar.start(server.url);
    const lied = await openDevice(made, { url: liar.url });
    const parts = { practice: made.practice, transport: lied.transport };
    const other = await device.transport.blob(second.sealedHash);
    const otherBytes = new Uint8Array(await new Response(other).arrayBuffer());
    const ownBytes = new Uint8Array(await new Response(await device.transport.blob(first.sealedHash)).arrayBuffer());
    const flipped = ownBytes.slice();
    flipped[30_000] = (flipped[30_000] ?? 0) ^ 1;
    for (const body of [otherBytes, ownBytes.slice(0, 16_456), ownBytes.slice(0, -1), flipped, new Uint8Array()]) {
      liar.repent();
      liar.lie(/\/blobs\//, () => ({ status: 200, type: 'application/octet-stream', body }));
      await assert.rejects(openDocumentBytes(first, parts), { code: 'SEALED_INVALID' });
    }
    liar.repent();
    assert.equal((await openDocumentBytes(first, parts)).length, 40_000);
    await liar.close();
  });
});
