import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import * as account from '@serment/core/wire/account';
import * as append from '@serment/core/wire/append';
import * as copyRead from '@serment/core/wire/copy-read';
import * as draft from '@serment/core/wire/draft';
import * as enrolment from '@serment/core/wire/enrolment';
import { encodeErrorBody, parseErrorBody } from '@serment/core/wire/error-body';
import * as factor from '@serment/core/wire/factor';
import * as identity from '@serment/core/wire/identity';
import * as login from '@serment/core/wire/login';
import * as passkey from '@serment/core/wire/passkey';
import { encodeFoundPractice, parseFoundPractice } from '@serment/core/wire/practice';
import * as presence from '@serment/core/wire/presence';
import * as read from '@serment/core/wire/read';
import * as session from '@serment/core/wire/session';
import * as status from '@serment/core/wire/status';
import * as upload from '@serment/core/wire/upload';
import * as witness from '@serment/core/wire/witness';
import { type Finding, Scenarios } from './scenario.ts';

interface Accepted {
  readonly name: string;
  readonly message: string;
  /** CBOR in hexadecimal, or JSON as it is. */
  readonly body: string;
  /** What it says, bytes in hexadecimal. */
  readonly value: unknown;
}

export interface WireVectors {
  readonly sessionMessages: readonly {
    readonly name: string;
    readonly practice: string;
    readonly author: string;
    readonly nonce: string;
    readonly message: string;
  }[];
  readonly accepted: readonly Accepted[];
  readonly refused: readonly Omit<Accepted, 'value'>[];
}

type Round = (body: string) => { readonly value: unknown; readonly again: string };

/** A body read, and written again from what was read. */
function cbor<Value>(parse: (bytes: Uint8Array) => Value, encode: (value: Value) => Uint8Array): Round {
  return (body) => {
    const value = parse(hexToBytes(body));
    return { value, again: bytesToHex(encode(value)) };
  };
}

function json<Value>(parse: (text: string) => Value, encode: (value: Value) => string): Round {
  return (body) => {
    const value = parse(body);
    return { value, again: encode(value) };
  };
}

export const wireMessages: Readonly<Record<string, Round>> = {
  'append request': cbor(append.parseAppendRequest, append.encodeAppendRequest),
  'append answer': cbor(append.parseAppendAnswer, append.encodeAppendAnswer),
  'governance answer': cbor(witness.parseGovernanceAnswer, witness.encodeGovernanceAnswer),
  cosignature: cbor(witness.parseCosignature, witness.encodeCosignature),
  cosignatures: cbor(witness.parseCosignatures, witness.encodeCosignatures),
  'found practice': cbor(parseFoundPractice, encodeFoundPractice),
  'challenge request': cbor(session.parseChallengeRequest, session.encodeChallengeRequest),
  challenge: cbor(session.parseChallenge, session.encodeChallenge),
  'session request': cbor(session.parseSessionRequest, session.encodeSessionRequest),
  session: cbor(session.parseSession, session.encodeSession),
  'open sessions': cbor(session.parseOpenSessions, session.encodeOpenSessions),
  'entries answer': cbor(read.parseEntriesAnswer, read.encodeEntriesAnswer),
  'stream answer': cbor(read.parseStreamAnswer, read.encodeStreamAnswer),
  'payloads request': cbor(read.parsePayloadsRequest, read.encodePayloadsRequest),
  'payloads answer': cbor(read.parsePayloadsAnswer, read.encodePayloadsAnswer),
  'copy entries request': cbor(copyRead.parseCopyEntriesRequest, copyRead.encodeCopyEntriesRequest),
  'copy entries answer': cbor(copyRead.parseCopyEntriesAnswer, copyRead.encodeCopyEntriesAnswer),
  'proof answer': cbor(read.parseProofAnswer, read.encodeProofAnswer),
  'upload request': cbor(upload.parseUploadRequest, upload.encodeUploadRequest),
  'upload answer': cbor(upload.parseUploadAnswer, upload.encodeUploadAnswer),
  'upload close': cbor(upload.parseUploadClose, upload.encodeUploadClose),
  'draft list': cbor(draft.parseDraftList, draft.encodeDraftList),
  'draft answer': cbor(draft.parseDraftAnswer, draft.encodeDraftAnswer),
  'draft write': cbor(draft.parseDraftWrite, draft.encodeDraftWrite),
  beat: cbor(presence.parseBeat, presence.encodeBeat),
  'registration start': cbor(account.parseRegistrationStart, account.encodeRegistrationStart),
  'registration finish': cbor(account.parseRegistrationFinish, account.encodeRegistrationFinish),
  'sealed to member': cbor(account.parseSealedToMember, account.encodeSealedToMember),
  'pin finish': cbor(account.parsePinFinish, account.encodePinFinish),
  'account status': cbor(account.parseAccountStatus, account.encodeAccountStatus),
  'opaque message': cbor(account.parseOpaqueMessage, account.encodeOpaqueMessage),
  'phone request': cbor(factor.parsePhoneRequest, factor.encodePhoneRequest),
  'code request': cbor(factor.parseCodeRequest, factor.encodeCodeRequest),
  'code sent': cbor(factor.parseCodeSent, factor.encodeCodeSent),
  code: cbor(factor.parseCode, factor.encodeCode),
  'totp secret': cbor(factor.parseTotpSecret, factor.encodeTotpSecret),
  'recovery codes': cbor(factor.parseRecoveryCodes, factor.encodeRecoveryCodes),
  'passkey asked': cbor(passkey.parsePasskeyAsked, passkey.encodePasskeyAsked),
  'passkey made': cbor(passkey.parsePasskeyMade, passkey.encodePasskeyMade),
  'passkey given': cbor(passkey.parsePasskeyGiven, passkey.encodePasskeyGiven),
  'passkey list': cbor(passkey.parsePasskeyList, passkey.encodePasskeyList),
  'login start': cbor(login.parseLoginStart, login.encodeLoginStart),
  'pin login start': cbor(login.parsePinLoginStart, login.encodePinLoginStart),
  'login answer': cbor(login.parseLoginAnswer, login.encodeLoginAnswer),
  'login finish': cbor(login.parseLoginFinish, login.encodeLoginFinish),
  'factor answer': cbor(login.parseFactorAnswer, login.encodeFactorAnswer),
  opening: cbor(login.parseOpening, login.encodeOpening),
  'gate request': cbor(login.parseGateRequest, login.encodeGateRequest),
  'gate answer': cbor(login.parseGateAnswer, login.encodeGateAnswer),
  'identity request': cbor(identity.parseIdentityRequest, identity.encodeIdentityRequest),
  'identity address': cbor(identity.parseIdentityAddress, identity.encodeIdentityAddress),
  'identity login': cbor(identity.parseIdentityLogin, identity.encodeIdentityLogin),
  'identity proof': cbor(identity.parseIdentityProof, identity.encodeIdentityProof),
  'card share': cbor(identity.parseCardShare, identity.encodeCardShare),
  'enrolment start': cbor(enrolment.parseEnrolmentStart, enrolment.encodeEnrolmentStart),
  'enrolment begun': cbor(enrolment.parseEnrolmentBegun, enrolment.encodeEnrolmentBegun),
  'enrolment take': cbor(enrolment.parseEnrolmentTake, enrolment.encodeEnrolmentTake),
  'enrolment taken': cbor(enrolment.parseEnrolmentTaken, enrolment.encodeEnrolmentTaken),
  'opener answer': cbor(enrolment.parseOpenerAnswer, enrolment.encodeOpenerAnswer),
  'newcomer revealed': cbor(enrolment.parseNewcomerRevealed, enrolment.encodeNewcomerRevealed),
  'newcomer standing': cbor(enrolment.parseNewcomerStanding, enrolment.encodeNewcomerStanding),
  'opener standing': cbor(enrolment.parseOpenerStanding, enrolment.encodeOpenerStanding),
  'enrolment ending': cbor(enrolment.parseEnrolmentEnding, enrolment.encodeEnrolmentEnding),
  'host status': json(status.parseHostStatus, status.encodeHostStatus),
  'practice status': json(status.parsePracticeStatus, status.encodePracticeStatus),
  copies: json(status.parseCopies, status.encodeCopies),
  'checkpoint event': json(status.parseCheckpointEvent, status.encodeCheckpointEvent),
  'presence event': json(presence.parsePresenceEvent, presence.encodePresenceEvent),
  error: json(parseErrorBody, encodeErrorBody),
};

/** Runs vectors/wire.json; nothing found is what it should give. */
export async function runWireVectors(vectors: WireVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, practice, author, nonce, message } of vectors.sessionMessages)
    await scenarios.gives(name, message, () =>
      bytesToHex(
        session.sessionMessage({ practice: hexToBytes(practice), author: hexToBytes(author) }, hexToBytes(nonce)),
      ),
    );
  for (const { name, message, body, value } of vectors.accepted) {
    await scenarios.gives(name, value, () => shown(round(message)(body).value));
    await scenarios.gives(`${name}, written again`, body, () => round(message)(body).again);
  }
  for (const { name, message, body } of vectors.refused)
    await scenarios.refuses(name, 'WIRE_INVALID', () => round(message)(body));
  return scenarios.findings;
}

function round(message: string): Round {
  const found = wireMessages[message];
  if (found === undefined) throw new RangeError(`No message is called ${message}`);
  return found;
}

/** A value as JSON has it, bytes in hexadecimal. */
export function shown(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item)]));
}
