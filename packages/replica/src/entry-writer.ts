import type { Bytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Body } from '@serment/core/journal/body';
import { encodeStatement, parseStatement, type Statement, signedMessage } from '@serment/core/journal/entry';
import { encodeHeader, type Header } from '@serment/core/journal/header';
import { payloadKey, sealPayload } from '@serment/core/sealed/payload';
import type { Signer } from '@serment/core/signature';

/** What leaves a device: a signed statement, and beside it the sealed payload when the kind has one. */
export interface SealedEntry {
  readonly statement: Statement;
  readonly statementBytes: Bytes;
  readonly payload: Bytes | null;
}

export interface EntryDraft {
  readonly practice: Bytes | null;
  readonly stream: Bytes;
  readonly base: Bytes | null;
  readonly prev: Bytes | null;
  readonly seen: { readonly size: number; readonly root: Bytes } | null;
  readonly time: number;
  readonly body: Body;
  readonly blobs?: readonly { readonly hash: Bytes; readonly size: number }[];
  /** Content to seal, with the compartment and the epoch whose key seals it. */
  readonly sealed?: {
    readonly compartment: string;
    readonly epoch: number;
    readonly key: Bytes;
    readonly content: Uint8Array;
  };
}

/** Seals the content under the header's own bytes, then signs both (docs/format/journal.md, Entry). */
export async function writeEntry(signer: Signer, draft: EntryDraft): Promise<SealedEntry> {
  const header: Header = {
    format: 1,
    practice: draft.practice,
    kind: draft.body.kind,
    author: signer.author,
    stream: draft.stream,
    compartment: draft.sealed?.compartment ?? null,
    epoch: draft.sealed?.epoch ?? 0,
    base: draft.base,
    prev: draft.prev,
    seen: draft.seen,
    time: draft.time,
    blobs: [...(draft.blobs ?? [])],
    body: draft.body,
  };
  const headerBytes = encodeHeader(header);
  const payload = draft.sealed
    ? await sealPayload(payloadKey(draft.sealed.key), headerBytes, draft.sealed.content)
    : null;
  const payloadHash = payload ? sha256(payload) : null;
  const signature = await signer.sign(signedMessage(headerBytes, payloadHash));
  const statementBytes = encodeStatement({ headerBytes, payloadHash, signature });
  return { statement: parseStatement(statementBytes), statementBytes, payload };
}
