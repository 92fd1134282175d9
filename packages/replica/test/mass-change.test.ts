import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex, utf8ToBytes } from '@serment/core/bytes';
import { randomBytes } from '@serment/core/random';
import { addVersion, emptyStream, type FoldedVersion } from '@serment/records/fold';
import type { Change } from '@serment/records/version';
import { ruinOf } from '../src/mass-change.ts';

const note = {
  ...{ resourceType: 'Composition', id: 'n', status: 'preliminary', title: 'Lombalgie aiguë sans signe d’alerte' },
  section: [
    {
      title: 'Conclusion',
      text: { div: '<div>Paracétamol, reprise d’activité conseillée, revoir dans huit jours</div>' },
    },
  ],
};

function version(
  index: number,
  content: object | null,
  more: { change?: Change; replaces?: readonly number[] } = {},
): FoldedVersion {
  const { change = 'edit', replaces = [index - 1] } = more;
  const name = (one: number) => new Uint8Array(16).fill(one);
  return {
    ...{
      id: 'Composition/n',
      version: name(index),
      replaces: replaces.filter((one) => one > 0).map(name),
      change,
      fullUrl: null,
    },
    ...{
      content: content === null ? null : JSON.stringify(content),
      index,
      position: 0,
      entryId: utf8ToBytes(String(index)),
    },
    ...{ author: new Uint8Array(32), receivedAt: index, time: index },
  };
}

/** What the last of these versions did. */
function ruin(...versions: readonly FoldedVersion[]) {
  const state = emptyStream();
  for (const one of versions) addVersion(state, one);
  const record = state.records.get('Composition/n') ?? assert.fail();
  return ruinOf(record, versions.at(-1) ?? assert.fail());
}

const first = version(1, note);
const withText = (text: string) => ({ ...note, title: 'x', section: [{ title: '', text: { div: text } }] });

for (const [name, text] of [
  ['hexadecimal', bytesToHex(randomBytes(300))],
  ['base64', Buffer.from(randomBytes(300)).toString('base64')],
  ['base64 of addresses', Buffer.from(randomBytes(300)).toString('base64url')],
  ['bytes read as text', new TextDecoder().decode(randomBytes(300))],
] as const)
  test(`what nobody can read in the place of a text is noise: ${name}`, () => {
    assert.equal(ruin(first, version(2, { resourceType: 'Composition', id: 'n', text })), 'noise');
    assert.equal(ruin(first, version(2, withText(text), { change: 'restore' })), 'noise');
  });

test('what is taken away is gone, and what keeps hardly a word is replaced', () => {
  assert.equal(ruin(first, version(2, null, { change: 'removed' })), 'gone');
  assert.equal(ruin(first, version(2, note, { change: 'entered-in-error' })), 'gone');
  assert.equal(ruin(first, version(2, withText('Autre chose, de quelqu’un d’autre'))), 'replaced');
  assert.equal(ruin(first, version(2, { resourceType: 'Composition', id: 'n' }, { change: 'import' })), 'replaced');
});

test('a new record, a correction, an addition, a way back and a short one are no ruin', () => {
  assert.equal(ruin(first), null);
  assert.equal(ruin(version(1, withText(bytesToHex(randomBytes(300))), { change: 'import' })), null);
  assert.equal(ruin(first, version(2, { ...note, status: 'final' })), null);
  assert.equal(ruin(first, version(2, { ...note, title: 'Lombalgie' })), null);
  const longer = { ...note, section: [...note.section, { title: 'Suite', text: { div: '<div>Va mieux.</div>' } }] };
  assert.equal(ruin(first, version(2, longer)), null);
  const noise = version(2, { resourceType: 'Composition', id: 'n', text: bytesToHex(randomBytes(300)) });
  assert.equal(ruin(first, noise, version(3, note, { change: 'restore' })), null);
  assert.equal(
    ruin(
      version(1, { resourceType: 'Flag', status: 'active' }),
      version(2, { resourceType: 'Flag', status: 'inactive' }),
    ),
    null,
  );
  // What a file was attached to by its hash, and a long address, are no prose and no noise.
  const address = withText(
    'https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM voir le dossier du patient',
  );
  assert.notEqual(ruin(first, version(2, address)), 'noise');
});
