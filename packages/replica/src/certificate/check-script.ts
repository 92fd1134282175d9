import { type Bytes, bytesToBase64, concatBytes, hexToBytes } from '@serment/core/bytes';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import type { Certificate } from './certificate.ts';

export interface CheckWords {
  readonly signed: string;
  readonly included: string;
  readonly says: string;
}

/** Of an Ed25519 key in SubjectPublicKeyInfo (RFC 8410): the key's 32 bytes follow. */
const keyPrefix = hexToBytes('302a300506032b6570032100');
const lineLength = 88;

/**
 * A script for any POSIX shell with `openssl` and `base64`: it says whether the host signed the checkpoint, whether the
 * drill's entry stands in the journal under it, and what that entry says.
 */
export function checkScript(
  { note, entry, index, size, proof, root, hostAuthor, drill }: Certificate,
  words: CheckWords,
): string[] {
  const { text, signatures } = parseCheckpoint(note);
  const [first] = signatures;
  return [
    `# 1. ${words.signed}`,
    "cat > note <<'.'",
    ...text.trimEnd().split('\n'),
    '.',
    ...decoded('key', concatBytes(keyPrefix, hostAuthor)),
    ...decoded('sig', first?.signature ?? new Uint8Array(0)),
    'openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in note -sigfile sig',
    `# 2. ${words.included}`,
    ...decoded('entry', entry),
    "(printf '\\000'; cat entry) | openssl dgst -sha256 -binary > h",
    "L() { (printf '\\001'; echo $1 | base64 -d; cat h) | openssl dgst -sha256 -binary > n; mv n h; }",
    "R() { (printf '\\001'; cat h; echo $1 | base64 -d) | openssl dgst -sha256 -binary > n; mv n h; }",
    ...sidesOf(index, size, proof).map(({ side, hash }) => `${side} ${bytesToBase64(hash)}`),
    `test "$(base64 < h)" = ${bytesToBase64(root)} && echo "entry ${index}: included"`,
    `# 3. ${words.says}`,
    `grep -a -o ${drill.outcome} entry`,
  ];
}

function decoded(file: string, bytes: Bytes): string[] {
  const text = bytesToBase64(bytes);
  const lines = text.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  if (lines.length === 1) return [`echo ${text} | base64 -d > ${file}`];
  return [`base64 -d > ${file} <<'.'`, ...lines, '.'];
}

/** On which side each hash of an audit path stands (RFC 9162 section 2.1.3.2). */
function sidesOf(index: number, size: number, proof: readonly Bytes[]): { side: 'L' | 'R'; hash: Bytes }[] {
  let node = index;
  let last = size - 1;
  const half = () => {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  };
  return proof.map((hash) => {
    const side = node % 2 === 1 || node === last ? 'L' : 'R';
    while (side === 'L' && node % 2 === 0 && node !== 0) half();
    half();
    return { side, hash };
  });
}
