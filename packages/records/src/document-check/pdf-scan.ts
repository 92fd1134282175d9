import { inflate } from '@serment/core/deflate';
import { type ByteSource, bytesToLatin, windowsOf } from './byte-source.ts';
import { type ActivePart, activeNames, decodeName, isDelimiter, isSpace } from './pdf-names.ts';

export interface PdfScan {
  readonly active: ReadonlySet<ActivePart>;
  readonly isEncrypted: boolean;
  /** An object stands where only a reader that is led there would look. */
  readonly hasHidden: boolean;
  /** Objects are packed in a way that is not undone here. */
  readonly isUnreadable: boolean;
}

const maxPackedBytes = 33_554_432;
const maxUnpackedBytes = 134_217_728;
const maxTokens = 2000;
const longestWord = 256;
const streamEnd = 'endstream';

/**
 * Every name of a PDF, wherever it stands: in objects, in strings and comments too, in object streams, in each of its
 * updates, whatever the cross-reference says. Bytes that are a stream's are looked at for objects alone. It follows no
 * reference, so nothing in it can loop.
 */
export async function scanPdf(source: ByteSource): Promise<PdfScan> {
  const scan = new Scanner();
  for await (const bytes of windowsOf(source)) scan.take(bytes);
  return scan.end();
}

type Place = 'normal' | 'comment' | 'string' | 'hex' | 'stream';

class Scanner {
  readonly #active = new Set<ActivePart>();
  #isEncrypted = false;
  #hasHidden = false;
  #isUnreadable = false;
  #place: Place = 'normal';
  #parentheses = 0;
  #isEscaped = false;
  /** Of dictionaries and arrays. */
  #depth = 0;
  #last = 0;
  /** A name, with its slash, or a word, as far as it was read; and the two words before it. */
  #word = '';
  #words: readonly [string, string] = ['', ''];
  /** Names and words of the object being read, strings and comments left out. */
  #tokens: string[] = [];
  #isBehindDictionary = false;
  #packed: Uint8Array[] | null = null;
  #packedBytes = 0;
  #carry = '';
  #unpackedBytes = 0;

  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) at = this.#place === 'stream' ? this.#skip(bytes, at) : this.#read(bytes, at);
  }

  end(): PdfScan {
    this.#endWord();
    // A string or a stream that never ends hid what followed from this reader, and perhaps not from another.
    if (this.#place === 'stream' || this.#place === 'string') this.#isUnreadable = true;
    return {
      active: this.#active,
      isEncrypted: this.#isEncrypted,
      hasHidden: this.#hasHidden,
      isUnreadable: this.#isUnreadable,
    };
  }

  #read(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (isDelimiter(byte)) {
        if (this.#endWord()) {
          this.#place = 'stream';
          this.#carry = '';
          return at + 1;
        }
        if (byte === 0x2f) this.#word = '/';
        this.#delimit(byte);
      } else {
        if (this.#word.length < longestWord) this.#word += String.fromCharCode(byte);
        if (this.#place === 'string') this.#isEscaped = byte === 0x5c && !this.#isEscaped;
      }
      this.#last = byte;
    }
    return bytes.length;
  }

  #delimit(byte: number): void {
    if (this.#place === 'comment') {
      if (byte === 0x0a || byte === 0x0d) this.#place = 'normal';
    } else if (this.#place === 'string') {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === 0x28) this.#parentheses += 1;
      else if (byte === 0x29) this.#parentheses -= 1;
      if (this.#parentheses === 0) this.#place = 'normal';
    } else if (this.#place === 'hex') {
      if (byte === 0x3e) this.#place = 'normal';
      else if (byte === 0x3c && this.#last === 0x3c) {
        this.#place = 'normal';
        this.#depth += 1;
      }
    } else this.#open(byte);
  }

  #open(byte: number): void {
    if (byte === 0x25) this.#place = 'comment';
    else if (byte === 0x28) {
      this.#place = 'string';
      this.#parentheses = 1;
      this.#isEscaped = false;
    } else if (byte === 0x3c) this.#place = 'hex';
    else if (byte === 0x5b) this.#depth += 1;
    else if (byte === 0x5d) this.#depth = Math.max(0, this.#depth - 1);
    else if (byte === 0x3e && this.#last === 0x3e) {
      this.#depth = Math.max(0, this.#depth - 1);
      this.#isBehindDictionary = this.#depth === 0;
    }
    if (!isSpace(byte) && byte !== 0x3e && byte !== 0x25) this.#isBehindDictionary = false;
  }

  /** True when a stream's bytes begin. */
  #endWord(): boolean {
    const word = this.#word;
    if (word === '') return false;
    this.#word = '';
    if (word.startsWith('/')) this.#name(decodeName(word.slice(1)));
    const before = this.#words;
    this.#words = [before[1], word];
    const isHeader = /^\d*obj$/.test(word) && (/^\d+$/.test(before[1]) || word.length > 3);
    if (this.#place !== 'normal') {
      if (isHeader) this.#hasHidden = true;
      return false;
    }
    if (isHeader) {
      if (this.#depth > 0) this.#hasHidden = true;
      this.#tokens = [];
      this.#depth = 0;
      this.#isBehindDictionary = false;
      return false;
    }
    const isStream = word === 'stream' && this.#isBehindDictionary;
    this.#isBehindDictionary = false;
    if (!isStream) {
      if (this.#tokens.length < maxTokens)
        this.#tokens.push(word.startsWith('/') ? `/${decodeName(word.slice(1))}` : word);
      return false;
    }
    this.#packed = isObjectStream(this.#tokens) ? [] : null;
    this.#packedBytes = 0;
    return true;
  }

  #name(name: string): void {
    if (name === 'Encrypt') this.#isEncrypted = true;
    const part = activeNames.get(name);
    if (part !== undefined) this.#active.add(part);
  }

  /** A stream's bytes end at the first word that says so: what a reader takes for longer is read as objects here. */
  #skip(bytes: Uint8Array, from: number): number {
    const kept = this.#carry.length;
    const text = this.#carry + bytesToLatin(bytes.subarray(from));
    const found = text.indexOf(streamEnd);
    const end = found === -1 ? text.length : found;
    if (/\d[\s\0]+\d+[\s\0]*obj(?![a-z])/i.test(text.slice(0, end + 1))) this.#hasHidden = true;
    const data = bytes.subarray(from, Math.max(from, from + end - kept));
    if (this.#packed !== null) {
      this.#packedBytes += data.length;
      if (this.#packedBytes > maxPackedBytes) this.#isUnreadable = true;
      else this.#packed.push(data.slice());
    }
    if (found === -1) {
      this.#carry = text.slice(-40);
      return bytes.length;
    }
    this.#carry = '';
    this.#place = 'normal';
    this.#last = 0;
    this.#depth = 0;
    if (this.#packed !== null) this.#unpack(this.#packed, this.#tokens);
    this.#packed = null;
    this.#tokens = [];
    return from + found + streamEnd.length - kept;
  }

  #unpack(parts: readonly Uint8Array[], tokens: readonly string[]): void {
    const packed = new Uint8Array(this.#packedBytes);
    let at = 0;
    for (const part of parts) {
      packed.set(part.subarray(0, packed.length - at), at);
      at += part.length;
    }
    const filter = filterOf(tokens);
    const maxBytes = maxUnpackedBytes - this.#unpackedBytes;
    const clear = filter === 'none' ? packed : filter === 'flate' ? unzlib(afterLineEnd(packed), maxBytes) : null;
    if (clear === null) {
      this.#isUnreadable = true;
      return;
    }
    this.#unpackedBytes += clear.length;
    for (const [written] of bytesToLatin(clear).matchAll(/\/[^\0\t\n\f\r ()<>[\]{}/%]*/g))
      this.#name(decodeName(written.slice(1)));
  }
}

/** By what it says, or by what readers need to treat it as one though it does not say so. */
function isObjectStream(tokens: readonly string[]): boolean {
  return (
    tokens.includes('/ObjStm') || (tokens.includes('/N') && tokens.includes('/First')) || tokens.length >= maxTokens
  );
}

/** Only what every producer of object streams writes: no filter, or FlateDecode alone without a predictor. */
function filterOf(tokens: readonly string[]): 'none' | 'flate' | 'other' {
  const has = (name: string) => tokens.includes(`/${name}`);
  if (has('F') || has('Crypt') || tokens.length >= maxTokens) return 'other';
  const predictor = tokens.indexOf('/Predictor');
  if (predictor !== -1 && tokens[predictor + 1] !== '1') return 'other';
  const parameters = tokens.findIndex((token) => token === '/DecodeParms' || token === '/DP');
  if (parameters !== -1 && /^\d/.test(tokens[parameters + 1] ?? '')) return 'other';
  const filters = tokens.filter((token) => /^\/(?:.*Decode|Fl|AHx|A85|LZW|RL|CCF|DCT|JPX)$/.test(token));
  if (!has('Filter')) return filters.length === 0 ? 'none' : 'other';
  return filters.length === 1 && filters[0] === '/FlateDecode' ? 'flate' : 'other';
}

function afterLineEnd(bytes: Uint8Array): Uint8Array {
  // The line's end behind `stream` is CR LF or LF; its first byte was read with the word.
  return bytes[0] === 0x0a ? bytes.subarray(1) : bytes;
}

/** What zlib's two bytes stand before; null for what is none, damaged, cut or larger. The checksum behind it is not asked for, as by readers. */
function unzlib(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  const [method = 0, flags = 0] = bytes;
  const isZlib = (method & 0x0f) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0;
  const hasDictionary = (flags & 0x20) !== 0;
  return isZlib && !hasDictionary ? (inflate(bytes.subarray(2), { maxBytes })?.content ?? null) : null;
}
