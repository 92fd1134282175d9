import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concatBytes, hexToBytes } from '../../src/bytes.ts';
import { CoreError } from '../../src/error.ts';
import { sha256 } from '../../src/hash.ts';
import {
  encodeEntry,
  encodeStatement,
  maxEntryBytes,
  maxStatementBytes,
  parseEntry,
  parseStatement,
  statementToEntry,
} from '../../src/journal/entry.ts';
import { encodeHeader } from '../../src/journal/header.ts';
import { makePractice } from './practice-fixture.ts';

const isCode = (code: string) => (error: unknown) => error instanceof CoreError && error.code === code;

describe('entry', () => {
  test('an id is the same whatever the host’s clock says, in each of its lengths', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const statement = await practice.statement({ signer: practice.device, body: { kind: 'records', binding: false } });
    assert.deepEqual(statement.id, sha256(encodeStatement(statement)));
    for (const receivedAt of [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const entry = statementToEntry(statement, receivedAt);
      const parsed = parseEntry(entry.bytes);
      assert.deepEqual(parsed, entry);
      assert.deepEqual(parsed.id, statement.id);
      assert.deepEqual(encodeEntry(entry), entry.bytes);
    }
  });

  test('bytes that are changed later do not change what was read of them', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const reused = concatBytes(practice.entries[0]?.bytes ?? new Uint8Array());
    const entry = parseEntry(reused);
    reused.fill(0);
    assert.deepEqual(parseEntry(entry.bytes), entry);
  });

  test('any byte changed, taken away or added is refused with a code, or gives another entry of exactly those bytes', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const entry = await practice.appendRecords();
    const edits = fc.tuple(
      fc.nat(entry.bytes.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('change', 'cut', 'add'),
    );
    fc.assert(
      fc.property(edits, ([at, value, edit]) => {
        const changed = edited(entry.bytes, at, value, edit);
        try {
          const parsed = parseEntry(changed);
          assert.deepEqual(encodeEntry(parsed), changed);
          assert.deepEqual(encodeHeader(parsed.header), parsed.headerBytes);
          assert.notDeepEqual(parsed.leaf, entry.leaf);
        } catch (error) {
          if (!(error instanceof CoreError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('noise of any length is refused with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        assert.throws(() => parseEntry(noise), CoreError);
        assert.throws(() => parseStatement(noise), CoreError);
      }),
    );
  });

  test('arrays nested by the thousand are refused and exhaust nothing', () => {
    assert.throws(() => parseEntry(new Uint8Array(maxEntryBytes).fill(0x81)), isCode('ENTRY_INVALID'));
    assert.throws(() => parseEntry(hexToBytes('9b7fffffffffffffff')), isCode('ENTRY_INVALID'));
  });

  test('the largest statement becomes an entry of at most 32 768 bytes, and one byte more is refused', () => {
    const parts = (sizeBytes: number) => ({
      headerBytes: new Uint8Array(sizeBytes),
      payloadHash: null,
      signature: new Uint8Array(64),
    });
    const overhead = encodeStatement(parts(30_000)).length - 30_000;
    const largest = encodeStatement(parts(maxStatementBytes - overhead));
    assert.equal(largest.length, maxStatementBytes);
    const entry = encodeEntry({ ...parts(maxStatementBytes - overhead), receivedAt: 1_780_000_000_000 });
    assert.equal(entry.length, maxEntryBytes);
    assert.throws(() => encodeStatement(parts(maxStatementBytes - overhead + 1)), isCode('ENTRY_TOO_LARGE'));
    assert.throws(() => parseStatement(concatBytes(largest, new Uint8Array(1))), isCode('ENTRY_TOO_LARGE'));
  });

  test('a header that no reader would take is not written', async () => {
    const practice = await makePractice({ wrapBytes: 24 });
    const { header } = await practice.appendRecords();
    const refused = (change: object, code: string) =>
      assert.throws(() => encodeHeader({ ...header, ...change }), isCode(code));
    refused({ kind: 'opened' }, 'ENTRY_INVALID');
    refused({ practice: null }, 'ENTRY_INVALID');
    refused({ epoch: 0 }, 'ENTRY_INVALID');
    refused({ kind: 'host', body: { kind: 'host', hostAuthor: new Uint8Array(31) } }, 'BODY_INVALID');
    refused({ time: 1.5 }, 'CBOR_VALUE');
  });
});

function edited(bytes: Bytes, at: number, value: number, edit: string): Bytes {
  if (edit === 'cut') return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1));
  if (edit === 'add') return concatBytes(bytes.subarray(0, at), new Uint8Array([value]), bytes.subarray(at));
  return bytes.with(at, (bytes[at] ?? 0) ^ value);
}
