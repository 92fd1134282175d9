import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CopyCode } from '../../../../packages/store/src/copy/copy-error.ts';
import { whyOf } from '../../src/features/vault/drill-words.ts';
import { refusalMeaning } from '../../src/features/vault/journal-words.ts';
import { addingCopy } from '../../src/i18n/fr/adding-copy.ts';
import { copyCodes } from '../../src/i18n/fr/copy-codes.ts';

/** What the console can never show: a verification by the command line alone throws it, or a kind of what is found says it. */
type Apart = 'VERIFY_STATE_UNWRITABLE' | 'RESTORE_TARGET_NOT_EMPTY' | 'SCRATCH_TOO_SMALL' | 'COPY_IO_FAILED';

test('every code of a copy has its sentence at the console', () => {
  // Some are met where a copy is added, and nowhere else.
  const told = { ...addingCopy.addingCopy.refused, ...copyCodes.copyCode };
  const sentences: Readonly<Record<Exclude<CopyCode, Apart>, string>> = told;
  for (const [code, words] of Object.entries(sentences)) assert.ok(words !== '', code);
});

test('what a trial restoration finds is of one kind, and a code of tomorrow of none', () => {
  const kinds = {
    ...{ PAYLOADS_MISSING: 'lost', BLOB_MISMATCH: 'lost', ROOT_MISMATCH: 'differs', NODES_DAMAGED: 'journal' },
    ...{ COPY_UNREACHABLE: 'unreachable', COPY_CREDENTIALS_REFUSED: 'unreachable', COPY_IO_FAILED: 'unreachable' },
    ...{ SCRATCH_TOO_SMALL: 'room', DISK_FULL: 'room', DRILL_CRASHED: 'stopped', VAULT_RESTORED: 'restored' },
    TOMORROW: 'unknown',
  };
  for (const [code, kind] of Object.entries(kinds)) assert.equal(whyOf(code), kind, code);
});

test('a save that was refused says why, in words', () => {
  const meanings = {
    ...{ AUTHOR_REVOKED: 'author', TERM_OUTSIDE: 'author', ROLE_FORBIDDEN: 'rights', COMPARTMENT_CLOSED: 'rights' },
    ...{ PREV_STALE: 'changed', SEEN_AHEAD: 'changed', DEPOSIT_FILED: 'changed', UPLOAD_LOST: 'document' },
    PROOF_INVALID: 'other',
  };
  for (const [code, meaning] of Object.entries(meanings)) assert.equal(refusalMeaning(code), meaning, code);
});
