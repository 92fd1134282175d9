import type { Bytes } from '../bytes.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../cbor.ts';
import { CoreError } from '../error.ts';
import { type Finding, findingCodes } from './finding.ts';
import { encodeGovernance, parseGovernance } from './governance-code.ts';
import type { TreeHead } from './header.ts';
import { makeShape, orNull } from './shape.ts';
import { StreamHeads } from './stream-heads.ts';
import type { VerifiedCheckpoint, VerifierState } from './verifier.ts';
import { RecentWindow } from './window.ts';

type Item = CborValue | undefined;
const formatNumber = 3;
const shape = makeShape('CBOR_INVALID');
const anyBytes = (item: Item) => shape.bytes(item, 0, Number.MAX_SAFE_INTEGER);
const hash = (item: Item) => shape.bytes(item, 32);
const anyText = (item: Item) => shape.text(item, Number.MAX_SAFE_INTEGER);

/** A verifier's state as bytes, for a cache of the reader's own: no other reader depends on this form. */
export function encodeVerifier(state: VerifierState): Bytes {
  const { practice, window, governance, heads, findings, lastReceivedAt, checkpoint, unread } = state;
  return encodeCanonical([
    formatNumber,
    practice,
    window.toCbor(),
    encodeGovernance(governance),
    heads.encode(),
    findings.map(({ code, index, detail, stream, author }) => [code, index, detail, stream ?? null, author ?? null]),
    lastReceivedAt,
    checkpoint === null ? null : [checkpoint.fence, checkpoint.size, checkpoint.root],
    unread === null ? null : [unread.size, unread.root],
  ]);
}

/** Reads what `encodeVerifier` wrote. Throws FORMAT_UNKNOWN for another version's, CBOR_INVALID or PROOF_INVALID for anything else. */
export function parseVerifier(bytes: Uint8Array): VerifierState {
  const items = shape.array(decodeCanonical(bytes));
  if (items[0] !== formatNumber) throw new CoreError('FORMAT_UNKNOWN', 'A cached state of another format');
  const [, practice, window, governance, heads, findings, lastReceivedAt, checkpoint, unread] = shape.array(items, 9);
  return {
    practice: orNull(practice, hash),
    window: RecentWindow.parse(window),
    governance: parseGovernance(anyBytes(governance)),
    heads: StreamHeads.parse(anyBytes(heads)),
    findings: shape.array(findings).map(parseFinding),
    lastReceivedAt: shape.uint(lastReceivedAt),
    checkpoint: orNull(checkpoint, parseCheckpointItem),
    unread: orNull(unread, parseUnread),
  };
}

function parseUnread(item: Item): TreeHead {
  const [size, root] = shape.array(item, 2);
  return { size: shape.uint(size, 1), root: hash(root) };
}

function parseFinding(item: CborValue): Finding {
  const [code, indexItem, detail, streamItem, authorItem] = shape.array(item, 5);
  const stream = orNull(streamItem, anyText);
  const author = orNull(authorItem, anyText);
  return {
    code: shape.choice(code, findingCodes),
    index: orNull(indexItem, (index) => shape.uint(index)),
    detail: orNull(detail, anyText),
    ...(stream === null ? {} : { stream }),
    ...(author === null ? {} : { author }),
  };
}

function parseCheckpointItem(item: Item): VerifiedCheckpoint {
  const [fence, size, root] = shape.array(item, 3);
  return { fence: shape.uint(fence, 1), size: shape.uint(size), root: hash(root) };
}
