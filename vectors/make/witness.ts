import { type Bytes, bytesToBase64, bytesToHex, concatBytes, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import { signCheckpoint } from '../../packages/core/src/journal/checkpoint.ts';
import { cosignCheckpoint, formatWitnessKey } from '../../packages/core/src/journal/cosignature.ts';
import { signerNamed, type TestSigner } from '../../packages/core/test/journal/signer.ts';

const practice = sha256(utf8ToBytes('practice of the witness vectors'));
const root = sha256(utf8ToBytes('root of the witness vectors'));
const name = 'witness.example/w1';
const time = 1_790_000_000;

interface Line {
  readonly signer: TestSigner;
  readonly name?: string;
  readonly type?: number;
  /** What is signed over and what the line says, when they are not the time. */
  readonly signedTime?: string;
  readonly timeBytes?: Bytes;
  /** The signed statement, when it is another. */
  readonly over?: (text: string) => string;
  readonly edit?: (bytes: Bytes) => Bytes;
}

/** Key lines, cosignatures, and what is wrong with others. */
export async function makeWitness(): Promise<object> {
  const host = await signerNamed('serment vectors host');
  const witness = await signerNamed('serment vectors witness');
  const stranger = await signerNamed('serment vectors stranger');
  const note = await signCheckpoint({ practice, fence: 1, size: 4711, root }, host);
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const line = (options: Partial<Line> = {}) => cosignatureLine(text, { signer: witness, ...options });
  const flip = (at: number) => (bytes: Bytes) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const right = await line();
  const other = note.replace('\n4711\n', '\n4712\n');
  const refused: (readonly [string, string])[] = [
    ['the host alone', note],
    ['another witness alone', note + (await line({ signer: stranger }))],
    ['under another name', note + (await line({ name: 'witness.example/w2' }))],
    ['signature type 1', note + (await line({ type: 1 }))],
    ['signature type 6', note + (await line({ type: 6 }))],
    ['another time than was signed', note + (await line({ signedTime: String(time + 1) }))],
    ['a time with a leading zero under the signature', note + (await line({ signedTime: `0${time}` }))],
    ['a time in little-endian order', note + (await line({ timeBytes: bigEndian(BigInt(time)).reverse() }))],
    ['time 0', note + (await line({ timeBytes: bigEndian(0n), signedTime: '0' }))],
    ['a time past 2^53', note + (await line({ timeBytes: bigEndian(2n ** 53n), signedTime: String(2n ** 53n) }))],
    ['a time past 2^63', note + (await line({ timeBytes: bigEndian(2n ** 63n), signedTime: String(2n ** 63n) }))],
    ['another header line', note + (await line({ over: (said) => `cosignature/v2\ntime ${time}\n${said}` }))],
    ['the checkpoint’s text alone', note + (await line({ over: (said) => said }))],
    ['the text without its last newline', note + (await line({ over: (said) => statement(said).slice(0, -1) }))],
    ['the note with its signature', note + (await line({ over: () => statement(note) }))],
    ['a cosignature of another size', other + right],
    ['one bit of the key id', note + (await line({ edit: flip(0) }))],
    ['one bit of the time', note + (await line({ edit: flip(11) }))],
    ['one bit of the signature', note + (await line({ edit: flip(12) }))],
    ['last bit of the signature', note + (await line({ edit: flip(75) }))],
    [
      'a signature without time',
      note + (await line({ edit: (bytes) => concatBytes(bytes.slice(0, 4), bytes.slice(12)) })),
    ],
    ['a signature cut', note + (await line({ edit: (bytes) => bytes.slice(0, -1) }))],
    ['a byte more', note + (await line({ edit: (bytes) => concatBytes(bytes, new Uint8Array(1)) }))],
    ['a wrong one after a right one', note + right + (await line({ edit: flip(20) }))],
  ];
  const later = await line({ timeBytes: bigEndian(BigInt(time + 60)), signedTime: String(time + 60) });
  const accepted: (readonly [string, string, number])[] = [
    ['beside the host’s', note + right, time],
    ['before the host’s', note.replace('\n\n', `\n\n${right}`), time],
    ['twice, the later time counts', note + later + right, time + 60],
    ['beside a wrong one of another witness', note + right + (await line({ signer: stranger, edit: flip(20) })), time],
  ];
  return {
    about:
      'docs/format/witness.md. A cosignature is verified under the witness’s name and key; refused ones give COSIGNATURE_INVALID, refused key lines WITNESS_KEY_INVALID.',
    witness: { name, seed: bytesToHex(witness.seed), key: bytesToHex(witness.author) },
    host: bytesToHex(host.author),
    keyLine: formatWitnessKey({ name, key: witness.author }),
    signed: { note, time, cosigned: await cosignCheckpoint(note, host.author, { name, signer: witness, time }) },
    accepted: accepted.map(([scenario, cosigned, at]) => ({ name: scenario, note: cosigned, time: at, size: 4711 })),
    refused: refused.map(([scenario, cosigned]) => ({ name: scenario, note: cosigned })),
    refusedKeyLines: keyLines(witness.author).map(([scenario, text]) => ({ name: scenario, line: text })),
  };
}

function keyLines(key: Bytes): (readonly [string, string])[] {
  const right = formatWitnessKey({ name, key });
  const [, keyId = '', ...rest] = right.split('+');
  // The base64 may hold the plus that parts the line.
  const base64 = rest.join('+');
  const typed = (type: number, bytes: Bytes) => {
    const id = sha256(utf8ToBytes(name), new Uint8Array([0x0a, type]), bytes).slice(0, 4);
    return `${name}+${bytesToHex(id)}+${bytesToBase64(concatBytes(new Uint8Array([type]), bytes))}`;
  };
  return [
    ['nothing', ''],
    ['a name alone', name],
    ['no name', `+${keyId}+${base64}`],
    ['another name', `witness.example/w2+${keyId}+${base64}`],
    ['a name with a space', `witness example+${keyId}+${base64}`],
    ['a name that ends with a slash', `witness.example/+${keyId}+${base64}`],
    ['a name outside ASCII', `t\u00e9moin.example+${keyId}+${base64}`],
    ['a key id in capitals', `${name}+${keyId.toUpperCase()}+${base64}`],
    ['another key id', `${name}+00000000+${base64}`],
    ['a key of a log, type 1', typed(1, key)],
    ['an ML-DSA-44 key’s type', typed(6, key)],
    ['a key of 31 bytes', typed(4, key.slice(1))],
    ['a key of 33 bytes', typed(4, concatBytes(key, new Uint8Array(1)))],
    ['base64 that is not canonical', `${right}=`],
    ['two lines', `${right}\n${right}`],
  ];
}

async function cosignatureLine(text: string, options: Line): Promise<string> {
  const { signer, type = 4, timeBytes = bigEndian(BigInt(time)), signedTime = String(time), edit } = options;
  const over = options.over?.(text) ?? `cosignature/v1\ntime ${signedTime}\n${text}`;
  const keyName = options.name ?? name;
  const keyId = sha256(utf8ToBytes(keyName), new Uint8Array([0x0a, type]), signer.author).slice(0, 4);
  const bytes = concatBytes(keyId, timeBytes, await signer.sign(utf8ToBytes(over)));
  return `\u2014 ${keyName} ${bytesToBase64(edit === undefined ? bytes : edit(bytes))}\n`;
}

function statement(text: string): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

function bigEndian(value: bigint): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
