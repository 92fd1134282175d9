import { type Bytes, bytesToBase64, bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { formatOrigin, signCheckpoint } from '../../packages/core/src/journal/checkpoint.ts';
import { emptyRoot } from '../../packages/core/src/journal/tree.ts';
import { signerNamed, type TestSigner } from '../../packages/core/test/journal/signer.ts';

const practice = sha256(utf8ToBytes('practice of the checkpoint vectors'));
const root = sha256(utf8ToBytes('root of the checkpoint vectors'));
const origin = formatOrigin(practice, 1);
const base = bytesToBase64(root);
const goodText = `${origin}\n4711\n${base}\n`;

/** Texts that no reader takes, however well they are signed. */
const texts: readonly (readonly [string, string])[] = [
  ['an origin of another product', `other/${bytesToHex(practice)}/1\n4711\n${base}\n`],
  ['an origin without fence', `serment/${bytesToHex(practice)}\n4711\n${base}\n`],
  ['fence 0', `${formatOrigin(practice, 0)}\n4711\n${base}\n`],
  ['a fence with a leading zero', `serment/${bytesToHex(practice)}/01\n4711\n${base}\n`],
  ['a fence with a sign', `serment/${bytesToHex(practice)}/+1\n4711\n${base}\n`],
  ['a fence past 2^53', `serment/${bytesToHex(practice)}/9007199254740992\n4711\n${base}\n`],
  ['a practice in capitals', `serment/${bytesToHex(practice).toUpperCase()}/1\n4711\n${base}\n`],
  ['a practice too short', `serment/${bytesToHex(practice).slice(2)}/1\n4711\n${base}\n`],
  ['a size with a leading zero', `${origin}\n04711\n${base}\n`],
  ['a size under zero', `${origin}\n-1\n${base}\n`],
  ['a size in hexadecimal', `${origin}\n0x10\n${base}\n`],
  ['a size with a point', `${origin}\n4711.0\n${base}\n`],
  ['a size past 2^53', `${origin}\n9007199254740992\n${base}\n`],
  ['no size', `${origin}\n\u200b\n${base}\n`],
  ['size 0 with another root than the empty tree', `${origin}\n0\n${base}\n`],
  ['a root of 31 bytes', `${origin}\n4711\n${bytesToBase64(root.slice(1))}\n`],
  ['a root of 33 bytes', `${origin}\n4711\n${bytesToBase64(concatBytes(root, new Uint8Array(1)))}\n`],
  ['a root without padding', `${origin}\n4711\n${base.replaceAll('=', '')}\n`],
  ['a root in base64url', `${origin}\n4711\n${bytesToBase64(new Uint8Array(32).fill(0xff)).replaceAll('/', '_')}\n`],
  ['a root with padding bits set', `${origin}\n4711\n${base.slice(0, -2)}${nextCharacter(base.at(-2) ?? 'A')}=\n`],
  ['a root in hexadecimal', `${origin}\n4711\n${bytesToHex(root)}\n`],
  ['an extension line', `${goodText}extension\n`],
  ['lines that end with carriage returns', goodText.replaceAll('\n', '\r\n')],
  ['a space at the end of a line', `${origin}\n4711 \n${base}\n`],
  ['two lines only', `${origin}\n4711\n`],
  ['one line only', `${origin}\n`],
];

interface Line {
  readonly name?: string;
  readonly type?: number;
  readonly signer: TestSigner;
  /** What is signed, the text by default. */
  readonly over?: string;
  readonly edit?: (bytes: Bytes) => Bytes;
}

/** One signature line, right unless told otherwise. */
async function line(
  text: string,
  { name = text.split('\n')[0] ?? '', type = 1, signer, over = text, edit }: Line,
): Promise<string> {
  const keyId = sha256(utf8ToBytes(name), new Uint8Array([0x0a, type]), signer.author).slice(0, 4);
  const bytes = concatBytes(keyId, await signer.sign(utf8ToBytes(over)));
  return `\u2014 ${name} ${bytesToBase64(edit === undefined ? bytes : edit(bytes))}\n`;
}

export async function makeCheckpoint(): Promise<object> {
  const host = await signerNamed('serment vectors host');
  const stranger = await signerNamed('serment vectors stranger');
  const witness = await signerNamed('serment vectors witness');
  const signed: object[] = [];
  for (const [fence, size, tree] of [
    [1, 4711, root],
    [1, 1, root],
    [7, 9007199254740991, root],
    [1, 0, emptyRoot],
  ] as const) {
    const note = await signCheckpoint({ practice, fence, size, root: tree }, host);
    signed.push({ name: `fence ${fence}, size ${size}`, fence, size, root: bytesToHex(tree), note });
  }
  const right = await line(goodText, { signer: host });
  const flip = (at: number) => (bytes: Bytes) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const good = [
    ['the host alone', goodText, right],
    ['a witness too', goodText, right + (await line(goodText, { name: 'witness.example/w1', signer: witness }))],
    ['a witness first', goodText, (await line(goodText, { name: 'witness.example/w1', signer: witness })) + right],
    [
      'a wrong signature of a key that is not known',
      goodText,
      right + (await line(goodText, { signer: stranger, edit: flip(20) })),
    ],
    [
      'a signature of another type of a key that is not known',
      goodText,
      right + (await line(goodText, { type: 4, signer: witness })),
    ],
    ['the host twice', goodText, right + right],
  ] as const;
  const bad: (readonly [string, string, string])[] = [];
  for (const [name, text] of texts)
    bad.push([name, text, await line(text, { name: text.split('\n')[0]?.trim() ?? '', signer: host })]);
  const lineOf = async (name: string, options: Partial<Line>) =>
    bad.push([name, goodText, await line(goodText, { signer: host, ...options })]);
  await lineOf('signed by another key', { signer: stranger });
  await lineOf('signed under another name', { name: formatOrigin(practice, 2) });
  await lineOf('signed over another size', { over: goodText.replace('4711', '4712') });
  await lineOf('signed without the last newline', { over: goodText.slice(0, -1) });
  await lineOf('signature type 2', { type: 2 });
  await lineOf('one bit of the key id', { edit: flip(0) });
  await lineOf('one bit of the signature', { edit: flip(4) });
  await lineOf('last bit of the signature', { edit: flip(67) });
  await lineOf('signature cut', { edit: (bytes) => bytes.slice(0, -1) });
  await lineOf('signature with a byte more', { edit: (bytes) => concatBytes(bytes, new Uint8Array(1)) });
  await lineOf('a key id alone', { edit: (bytes) => bytes.slice(0, 4) });
  bad.push(
    [
      'a wrong signature of the host after a right one',
      goodText,
      right + (await line(goodText, { signer: host, edit: flip(9) })),
    ],
    ['no signature', goodText, ''],
    ['a hyphen where the dash stands', goodText, right.replace('\u2014', '-')],
    ['no newline at the end', goodText, right.slice(0, -1)],
    ['an empty line at the end', goodText, `${right}\n`],
    ['an empty line between signatures', goodText, `${right}\n${right}`],
    ['two spaces in the signature line', goodText, right.replace(' ', '  ')],
    ['a plus in the name of a key', goodText, `${right}\u2014 wit+ness AAAAAAAA\n`],
    ['no base64 in a signature line', goodText, `${right}\u2014 witness ????\n`],
    ['base64 that is not canonical in a signature line', goodText, `${right}\u2014 witness AAAAAAB=\n`],
    ['more than sixteen signatures', goodText, right.repeat(17)],
    ['a note past 16 KiB', goodText, `${right}\u2014 witness ${'A'.repeat(16_384)}\n`],
  );
  return {
    about:
      'docs/format/journal.md, Checkpoint. A note is verified under the host author; refused ones give CHECKPOINT_INVALID.',
    practice: bytesToHex(practice),
    host: { seed: bytesToHex(host.seed), author: bytesToHex(host.author) },
    signed,
    accepted: good.map(([name, text, lines]) => ({
      name,
      note: `${text}\n${lines}`,
      fence: 1,
      size: 4711,
      root: bytesToHex(root),
    })),
    refused: [
      ...bad.map(([name, text, lines]) => ({ name, note: `${text}\n${lines}` })),
      { name: 'nothing', note: '' },
      { name: 'text and signature without an empty line', note: goodText + right },
      { name: 'signature before the text', note: `${right}\n${goodText}` },
      { name: 'a byte order mark', note: `\ufeff${goodText}\n${right}` },
    ],
  };
}

/** The next character of the base64 alphabet, whose value has another last bit. */
function nextCharacter(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet[alphabet.indexOf(character) + 1] ?? 'B';
}
