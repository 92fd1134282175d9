import { type Bytes, bytesToHex } from '../bytes.ts';
import { encodeCanonical } from '../cbor.ts';
import { jsonCount, jsonHex, jsonNullOr, parseJson, parseObject } from './json.ts';
import { bytesOf, parseBody, wireFormat } from './shape.ts';

/** Of every sealed beat, whatever it says (sealing.md, Presence). */
export const beatBytes = 584;

/** What the host says of another device. */
export interface PresenceEvent {
  /** 32 bytes. */
  readonly author: Bytes;
  /** Its last beat, sealed; null once it is gone. */
  readonly beat: Bytes | null;
  /** How long the host had it before it was sent, milliseconds. */
  readonly ageMs: number;
}

export function encodeBeat(beat: Bytes): Bytes {
  return encodeCanonical([wireFormat, beat]);
}

/** Throws WIRE_INVALID. */
export function parseBeat(bytes: Uint8Array): Bytes {
  const [beat] = parseBody(bytes, bytesOf(beatBytes));
  return beat;
}

export function encodePresenceEvent({ author, beat, ageMs }: PresenceEvent): string {
  return JSON.stringify({ author: bytesToHex(author), beat: beat && bytesToHex(beat), ageMs });
}

/** Throws WIRE_INVALID. */
export function parsePresenceEvent(text: string): PresenceEvent {
  const of = parseObject(parseJson(text), ['author', 'beat', 'ageMs']);
  return {
    author: jsonHex(of('author'), 32),
    beat: jsonNullOr(of('beat'), (value) => jsonHex(value, beatBytes)),
    ageMs: jsonCount(of('ageMs')),
  };
}
