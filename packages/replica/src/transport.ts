import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { Announcement } from '@serment/core/journal/body';
import type { Signer } from '@serment/core/signature';
import { type AppendAnswer, encodeAppendRequest, parseAppendAnswer, type SentEntry } from '@serment/core/wire/append';
import { type CopyEntriesAnswer, encodeCopyEntriesRequest, parseCopyEntriesAnswer } from '@serment/core/wire/copy-read';
import { type DraftListed, encodeDraftWrite, parseDraftAnswer, parseDraftList } from '@serment/core/wire/draft';
import { type PendingDrill, parsePendingDrills } from '@serment/core/wire/drill';
import { parseErrorBody } from '@serment/core/wire/error-body';
import { parseFoundPractice } from '@serment/core/wire/practice';
import { encodeBeat } from '@serment/core/wire/presence';
import {
  encodePayloadsRequest,
  type IndexedPayload,
  parseEntriesAnswer,
  parsePayloadsAnswer,
  parseProofAnswer,
  parseStreamAnswer,
  type StreamAnswer,
} from '@serment/core/wire/read';
import {
  encodeChallengeRequest,
  encodeSessionRequest,
  parseChallenge,
  parseSession,
  sessionMessage,
} from '@serment/core/wire/session';
import {
  type CopyStatus,
  encodeCopyNamed,
  type HostStatus,
  type PracticeStatus,
  parseCopies,
  parseHostStatus,
  parsePracticeStatus,
} from '@serment/core/wire/status';
import {
  encodeUploadClose,
  encodeUploadRequest,
  maxBlobBytes,
  parseUploadAnswer,
  type UploadAnswer,
} from '@serment/core/wire/upload';
import {
  encodeCosignature,
  type GovernanceAnswer,
  type KeptCosignature,
  parseCosignatures,
  parseGovernanceAnswer,
} from '@serment/core/wire/witness';
import { steadyBody, wholeBody } from './answer-body.ts';
import { ReplicaError } from './error.ts';
import { type ServerEvent, serverEvents } from './server-events.ts';

export interface TransportOptions {
  /** Origin of the server, such as `http://localhost:4400`. */
  readonly baseUrl: string;
  /** The platform's, unless a test stands between. */
  readonly fetch?: typeof globalThis.fetch;
  /** Longest wait for the head of an answer, and longest silence within it, in milliseconds. */
  readonly timeoutMs?: number;
}

/** The slots of one member at the host. */
export interface DraftStore {
  drafts(): Promise<readonly DraftListed[]>;
  draft(slot: Uint8Array): Promise<Bytes | null>;
  putDraft(slot: Uint8Array, replaced: number, draft: Bytes): Promise<void>;
}

interface Session {
  readonly practice: Bytes;
  readonly signer: Signer;
  /** Null while the server could not be reached to open it. */
  readonly token: string | null;
}

// Answers hold about 4 MiB, or one item; this is far above.
const maxAnswerBytes = 67_108_864;
/** The server says something every 15 seconds: a line that is silent for three times that is dead. */
const eventSilenceMs = 45_000;

/** HTTP of docs/format/wire.md. Every method throws UNREACHABLE, SERVER_REFUSED, SERVER_FAILED, SESSION_REFUSED, SESSION_CLOSED or ANSWER_INVALID. */
export class Transport {
  readonly baseUrl: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;
  #session: Session | null = null;
  #opening: Promise<void> | null = null;

  constructor(options: TransportOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** The same server, for a session apart: what one member's device sends late never goes in another's. */
  apart(): Transport {
    return new Transport({ baseUrl: this.baseUrl, fetch: this.#fetch, timeoutMs: this.#timeoutMs });
  }

  async host(): Promise<HostStatus> {
    return parseAnswer(await this.#text('GET', '/api/host'), parseHostStatus);
  }

  /** The practice whose id begins with these 16 bytes, or null. */
  async findPractice(prefix: Uint8Array): Promise<Bytes | null> {
    try {
      return parseAnswer(await this.#bytes('GET', `/api/practices?prefix=${bytesToHex(prefix)}`), parseFoundPractice);
    } catch (error) {
      if (error instanceof ReplicaError && error.fields.status === 404) return null;
      throw error;
    }
  }

  async createPractice(entries: readonly SentEntry[]): Promise<AppendAnswer> {
    return parseAnswer(await this.#bytes('POST', '/api/practices', encodeAppendRequest(entries)), parseAppendAnswer);
  }

  /**
   * Opens a session by the author's signature; one that was open here ends. It is renewed by itself when the server
   * forgets it, and opened at the next request when the server cannot be reached now.
   */
  async openSession(practice: Bytes, signer: Signer): Promise<void> {
    // Nobody waits for it: what is left behind is no reason not to enter.
    this.closeSession().catch(() => undefined);
    this.#session = { practice, signer, token: null };
    this.#opening = null;
    await this.#renew();
  }

  async closeSession(): Promise<void> {
    // Sent with the token that is given up: it is read before anything is waited for.
    const closing = this.#session?.token == null ? null : this.#attempt('DELETE', '/api/sessions', null, {});
    this.#session = null;
    await (await closing)?.body?.cancel();
  }

  async status(): Promise<PracticeStatus> {
    return parseAnswer(await this.#text('GET', this.#path('')), parsePracticeStatus);
  }

  async checkpoint(): Promise<string> {
    return this.#text('GET', this.#path('/checkpoint'));
  }

  /** Entries from `from` on; the answer may hold fewer than `limit`. */
  async entries(from: number, limit: number): Promise<readonly Bytes[]> {
    const path = this.#path(`/entries?from=${from}&limit=${limit}`);
    const read = parseAnswer(await this.#bytes('GET', path), parseEntriesAnswer);
    if (read.from !== from) throw new ReplicaError('ANSWER_INVALID', 'The server answered with other entries');
    return read.entries;
  }

  async append(entries: readonly SentEntry[]): Promise<AppendAnswer> {
    const body = encodeAppendRequest(entries);
    const appended = parseAnswer(await this.#bytes('POST', this.#path('/entries'), body), parseAppendAnswer);
    if (appended.receipts.length !== entries.length) throw new ReplicaError('ANSWER_INVALID', 'Receipts are missing');
    return appended;
  }

  async stream(stream: Uint8Array, from: number, limit: number): Promise<StreamAnswer> {
    const path = this.#path(`/streams/${bytesToHex(stream)}?from=${from}&limit=${limit}`);
    return parseAnswer(await this.#bytes('GET', path), parseStreamAnswer);
  }

  async payloads(indexes: readonly number[]): Promise<readonly IndexedPayload[]> {
    return parseAnswer(
      await this.#bytes('POST', this.#path('/payloads'), encodePayloadsRequest(indexes)),
      parsePayloadsAnswer,
    );
  }

  async inclusionProof(index: number, size: number): Promise<readonly Bytes[]> {
    return parseAnswer(
      await this.#bytes('GET', this.#path(`/proofs/inclusion?index=${index}&size=${size}`)),
      parseProofAnswer,
    );
  }

  async consistencyProof(from: number, to: number): Promise<readonly Bytes[]> {
    return parseAnswer(
      await this.#bytes('GET', this.#path(`/proofs/consistency?from=${from}&to=${to}`)),
      parseProofAnswer,
    );
  }

  /** Entries of the governance stream at or after that number. */
  async governance(from: number): Promise<GovernanceAnswer> {
    return parseAnswer(await this.#bytes('GET', this.#path(`/governance?from=${from}`)), parseGovernanceAnswer);
  }

  /** Gives the host what this witness signed. */
  async putCosignature(note: string): Promise<void> {
    await this.#bytes('PUT', this.#path('/cosignature'), encodeCosignature(note));
  }

  /** What the practice's witnesses last signed, as the host gives it. */
  async cosignatures(): Promise<readonly KeptCosignature[]> {
    return parseAnswer(await this.#bytes('GET', this.#path('/cosignatures')), parseCosignatures);
  }

  async blob(hash: Uint8Array): Promise<ReadableStream<Uint8Array>> {
    return this.#stream(await this.#send('GET', this.#path(`/blobs/${bytesToHex(hash)}`), null));
  }

  /** A whole document, under the hash that it has. */
  async putBlob(hash: Bytes, bytes: Bytes): Promise<void> {
    await this.#bytes('PUT', this.#path(`/blobs/${bytesToHex(hash)}`), bytes, 'application/octet-stream');
  }

  async startUpload(hash: Bytes, size: number): Promise<UploadAnswer> {
    return parseAnswer(
      await this.#bytes('POST', this.#path('/uploads'), encodeUploadRequest({ hash, size })),
      parseUploadAnswer,
    );
  }

  async putPart(upload: Bytes, part: number, bytes: Bytes): Promise<void> {
    await this.#bytes('PUT', this.#path(`/uploads/${bytesToHex(upload)}/${part}`), bytes, 'application/octet-stream');
  }

  async closeUpload(upload: Bytes): Promise<void> {
    await this.#bytes('POST', this.#path(`/uploads/${bytesToHex(upload)}`), encodeUploadClose());
  }

  drafts(): Promise<readonly DraftListed[]> {
    return this.#draftsAt('/drafts').drafts();
  }

  /** Null when the slot is empty. */
  draft(slot: Uint8Array): Promise<Bytes | null> {
    return this.#draftsAt('/drafts').draft(slot);
  }

  /** Throws DRAFT_STALE when another revision stands in the slot. */
  putDraft(slot: Uint8Array, replaced: number, draft: Bytes): Promise<void> {
    return this.#draftsAt('/drafts').putDraft(slot, replaced, draft);
  }

  /** Another member's slots, for a doctor's device: what somebody who leaves was writing. */
  draftsOf(member: Uint8Array): DraftStore {
    return this.#draftsAt(`/members/${bytesToHex(member)}/drafts`);
  }

  /** Says, sealed, what this device shows. */
  async putPresence(beat: Bytes): Promise<void> {
    await this.#bytes('PUT', this.#path('/presence'), encodeBeat(beat));
  }

  /** Says what this device is about to read many files for. */
  async announce(what: Announcement): Promise<void> {
    await this.#bytes('PUT', this.#path(`/announcements/${what}`));
  }

  async copies(): Promise<readonly CopyStatus[]> {
    return parseAnswer(await this.#text('GET', this.#path('/copies')), parseCopies);
  }

  /** Entries and payloads as one copy gives them, as many of the first ones asked as an answer holds. */
  async copyEntries(copy: string, indexes: readonly number[]): Promise<CopyEntriesAnswer> {
    const body = encodeCopyEntriesRequest({ copy, indexes });
    const answer = parseAnswer(await this.#bytes('POST', this.#path('/copies/entries'), body), parseCopyEntriesAnswer);
    if (answer.entries.length === 0 && indexes.length > 0)
      throw new ReplicaError('ANSWER_INVALID', 'The server gave none of the entries that were asked for');
    return answer;
  }

  /** A document as one copy holds it. */
  async copyBlob(copy: string, hash: Uint8Array): Promise<ReadableStream<Uint8Array>> {
    const path = `/copies/blobs/${bytesToHex(hash)}?copy=${encodeURIComponent(copy)}`;
    return this.#stream(await this.#send('GET', this.#path(path), null));
  }

  /** Has the host take a document from a copy, where it holds it no more as it was filed. */
  async mendBlob(copy: string, hash: Uint8Array): Promise<void> {
    await this.#bytes('PUT', this.#path(`/copies/blobs/${bytesToHex(hash)}`), encodeCopyNamed(copy));
  }

  /** Drills of this practice that are not done yet, or were given up. */
  async pendingDrills(): Promise<readonly PendingDrill[]> {
    return parseAnswer(await this.#text('GET', this.#path('/drills')), parsePendingDrills);
  }

  /** Has a copy restored to prove it; what came of it will stand in the journal. */
  async askDrill(copy: string): Promise<void> {
    await this.#bytes('POST', this.#path('/drills'), encodeCopyNamed(copy));
  }

  /** One request and its answer, for what stands beside the journal. `inSession` opens a session anew when it lapsed. */
  async exchange(
    method: string,
    path: string,
    { body, inSession = false }: { readonly body: Bytes | null; readonly inSession?: boolean },
  ): Promise<Bytes> {
    if (inSession && this.#session === null) throw noSession();
    try {
      return await this.#whole(await this.#send(method, path, body, { inSession }));
    } catch (error) {
      if (!(error instanceof ReplicaError && error.fields.server === 'THROTTLED')) throw error;
      throw new ReplicaError('THROTTLED', error.message, { cause: error, fields: error.fields });
    }
  }

  /** Events as they come; ends when the line is cut. */
  async *events(signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const response = await this.#send('GET', this.#path('/events'), null, { signal, accept: 'text/event-stream' });
    if (response.body === null) return;
    const line = steadyBody(response.body, { maxBytes: Number.POSITIVE_INFINITY, idleMs: eventSilenceMs });
    try {
      yield* serverEvents(line);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #draftsAt(path: string): DraftStore {
    const at = (slot: Uint8Array) => this.#path(`${path}/${bytesToHex(slot)}`);
    return {
      drafts: async () => parseAnswer(await this.#bytes('GET', this.#path(path)), parseDraftList),
      draft: async (slot) => {
        try {
          return parseAnswer(await this.#bytes('GET', at(slot)), parseDraftAnswer);
        } catch (error) {
          if (error instanceof ReplicaError && error.fields.status === 404) return null;
          throw error;
        }
      },
      putDraft: async (slot, replaced, draft) => {
        await this.#bytes('PUT', at(slot), encodeDraftWrite({ replaced, draft }));
      },
    };
  }

  #path(rest: string): string {
    if (this.#session === null) throw noSession();
    return `/api/practices/${bytesToHex(this.#session.practice)}${rest}`;
  }

  /** Requests that find no session at the same time share one opening. */
  #renew(): Promise<void> {
    const opening = (this.#opening ?? this.#open()).finally(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    this.#opening = opening;
    return opening;
  }

  async #open(): Promise<void> {
    const opened = this.#session;
    if (opened === null) throw noSession();
    const { practice, signer } = opened;
    const { author } = signer;
    const body = encodeChallengeRequest({ practice, author });
    const challenge = parseAnswer(await this.#bytes('POST', '/api/challenges', body), parseChallenge);
    const signature = await signer.sign(sessionMessage({ practice, author }, challenge.nonce));
    const request = encodeSessionRequest({ practice, author, nonce: challenge.nonce, signature });
    const session = parseAnswer(await this.#bytes('POST', '/api/sessions', request), parseSession);
    // Closed, or opened for another practice, meanwhile.
    if (this.#session?.signer === signer) this.#session = { ...opened, token: bytesToHex(session.token) };
  }

  async #text(method: string, path: string): Promise<string> {
    return new TextDecoder().decode(await this.#bytes(method, path));
  }

  async #bytes(method: string, path: string, body: Bytes | null = null, type = 'application/cbor'): Promise<Bytes> {
    return this.#whole(await this.#send(method, path, body, { type }));
  }

  #stream({ body }: Response): ReadableStream<Uint8Array> {
    if (body === null) throw new ReplicaError('ANSWER_INVALID', 'A document came without bytes');
    return steadyBody(body, { maxBytes: maxBlobBytes, idleMs: this.#timeoutMs });
  }

  #whole(response: Response): Promise<Bytes> {
    return wholeBody(response.body, { maxBytes: maxAnswerBytes, idleMs: this.#timeoutMs });
  }

  async #send(method: string, path: string, body: Bytes | null, how: Sending = {}): Promise<Response> {
    const needsSession = how.inSession ?? (this.#session !== null && path.startsWith(this.#path('')));
    if (needsSession && this.#session?.token === null) await this.#renew();
    const response = await this.#attempt(method, path, body, how);
    if (response.ok) return response;
    const problem = refusal(response.status, await this.#whole(response));
    if (!needsSession || problem.code !== 'SESSION_REFUSED') throw problem;
    await this.#renew();
    const again = await this.#attempt(method, path, body, how);
    if (again.ok) return again;
    throw refusal(again.status, await this.#whole(again));
  }

  async #attempt(method: string, path: string, body: Bytes | null, how: Sending): Promise<Response> {
    const headers: Record<string, string> = { accept: how.accept ?? 'application/cbor, application/json' };
    if (body !== null) headers['content-type'] = how.type ?? 'application/cbor';
    if (this.#session?.token != null) headers.authorization = `Bearer ${this.#session.token}`;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    const signal = how.signal ? AbortSignal.any([how.signal, timeout.signal]) : timeout.signal;
    try {
      return await this.#fetch(this.baseUrl + path, {
        method,
        headers,
        body,
        signal,
        redirect: 'error',
        cache: 'no-store',
      });
    } catch (cause) {
      throw new ReplicaError('UNREACHABLE', 'The server cannot be reached', {
        cause,
        hint: `Is it running at ${this.baseUrl}?`,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Sending {
  /** Whether it needs a session; every request of the session's practice does. */
  readonly inSession?: boolean;
  readonly type?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** The codes that callers treat apart; the others stay the server's, in `fields.server`. */
const ownCodes = {
  DRAFT_STALE: 'DRAFT_STALE',
  VAULT_RESTORED: 'VAULT_RESTORED',
  SESSION_CLOSED: 'SESSION_CLOSED',
  AUTHOR_REVOKED: 'HOLDER_REVOKED',
  COPY_UNAVAILABLE: 'COPY_UNAVAILABLE',
  PASSWORD_WRONG: 'PASSWORD_WRONG',
  CODE_WRONG: 'CODE_WRONG',
  CODE_EXPIRED: 'CODE_EXPIRED',
  CODE_SPENT: 'CODE_SPENT',
  PASSKEY_REFUSED: 'PASSKEY_REFUSED',
  PASSKEYS_TOO_MANY: 'PASSKEYS_TOO_MANY',
  FACTOR_MISSING: 'FACTOR_MISSING',
  FACTOR_LAST: 'FACTOR_LAST',
  GATE_CLOSED: 'GATE_CLOSED',
  PIN_BLOCKED: 'PIN_BLOCKED',
  PHONE_INVALID: 'PHONE_INVALID',
  SMS_FAILED: 'SMS_FAILED',
  SMS_UNAVAILABLE: 'SMS_FAILED',
  ATTEMPT_UNKNOWN: 'ATTEMPT_UNKNOWN',
  IDENTITY_MISMATCH: 'IDENTITY_MISMATCH',
  ACCOUNT_UNKNOWN: 'ACCOUNT_UNKNOWN',
} as const;

function refusal(status: number, bytes: Bytes): ReplicaError {
  let body: ReturnType<typeof parseErrorBody>;
  try {
    body = parseErrorBody(new TextDecoder().decode(bytes));
  } catch (cause) {
    // What stands before a server that is down says so in its own words: the server is silent, and tells no untruth.
    const code = status >= 500 ? 'SERVER_FAILED' : 'ANSWER_INVALID';
    return new ReplicaError(code, 'The answer is not one of a Serment server', { cause, fields: { status } });
  }
  const fields = { ...body.fields, status, server: body.code };
  const code = Object.entries(ownCodes).find(([name]) => name === body.code)?.[1] ?? codeOfStatus(status);
  return new ReplicaError(code, body.message, { fields, ...(body.hint === null ? {} : { hint: body.hint }) });
}

function codeOfStatus(status: number) {
  if (status === 401) return 'SESSION_REFUSED';
  // Throttled: nothing is wrong with what was asked, it is to be asked again.
  return status >= 500 || status === 429 ? 'SERVER_FAILED' : 'SERVER_REFUSED';
}

function noSession(): ReplicaError {
  return new ReplicaError('SESSION_REFUSED', 'No session is open');
}

/** Reads an answer. Throws ANSWER_INVALID. */
export function parseAnswer<Input, Value>(input: Input, parse: (input: Input) => Value): Value {
  try {
    return parse(input);
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    throw new ReplicaError('ANSWER_INVALID', 'The answer is not one of a Serment server', { cause });
  }
}
