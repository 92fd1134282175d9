import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import {
  formatInvitationLink,
  invitationSeed,
  parseInvitationCode,
  parseInvitationLink,
} from '@serment/core/keys/invitation';
import { parsePasskeyHandle, passkeyHandle, passkeyHolderInput, passkeySeed } from '@serment/core/keys/passkey';
import { type Finding, Scenarios } from './scenario.ts';

interface Refused {
  readonly name: string;
  readonly text: string;
  readonly error?: string;
  /** Facts that the error tells. */
  readonly fields?: Readonly<Record<string, number>>;
}

export interface InvitationVectors {
  readonly links: readonly {
    readonly name: string;
    readonly practice: string;
    readonly secret: string;
    readonly text: string;
  }[];
  readonly read: readonly (Refused & { readonly practice?: string; readonly secret?: string })[];
  readonly codes: readonly (Refused & { readonly code?: string })[];
  readonly invitations: readonly { readonly secret: string; readonly code: string; readonly seed: string }[];
  readonly passkeys: readonly { readonly prf: string; readonly seed: string }[];
  readonly passkeyHolderInput: string;
  readonly passkeyHandles: readonly {
    readonly name: string;
    readonly practice?: string;
    readonly device?: string;
    readonly handle: string;
    readonly prefix?: string;
    readonly error?: string;
  }[];
}

/** Runs vectors/invitation.json; nothing found is what it should give. */
export async function runInvitationVectors(vectors: InvitationVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, practice, secret, text } of vectors.links) {
    const link = { practice: hexToBytes(practice), secret: hexToBytes(secret) };
    await scenarios.gives(`${name}, text`, text, () => formatInvitationLink(link));
    await scenarios.gives(`${name}, read`, [practice, secret], () => shown(text));
  }
  for (const { name, text, practice, secret, error, fields } of vectors.read)
    if (error === undefined) await scenarios.gives(name, [practice, secret], () => shown(text));
    else await scenarios.refuses(name, error, () => parseInvitationLink(text), fields);
  for (const { name, text, code, error, fields } of vectors.codes)
    if (error === undefined) await scenarios.gives(name, code, () => parseInvitationCode(text));
    else await scenarios.refuses(name, error, () => parseInvitationCode(text), fields);
  for (const { secret, code, seed } of vectors.invitations)
    await scenarios.gives(`seed of ${code}`, seed, () =>
      bytesToHex(invitationSeed({ secret: hexToBytes(secret) }, code)),
    );
  for (const { prf, seed } of vectors.passkeys)
    await scenarios.gives(`seed of passkey ${prf}`, seed, () => bytesToHex(passkeySeed(hexToBytes(prf))));
  await scenarios.gives('input of a passkey that is a holder', vectors.passkeyHolderInput, () =>
    bytesToHex(passkeyHolderInput()),
  );
  for (const { name, practice = '', device = '', handle, prefix, error } of vectors.passkeyHandles) {
    const read = () => bytesToHex(parsePasskeyHandle(hexToBytes(handle)).practicePrefix);
    if (error !== undefined) await scenarios.refuses(name, error, read);
    else {
      await scenarios.gives(name, prefix, read);
      const made = () => bytesToHex(passkeyHandle(hexToBytes(practice), hexToBytes(device)));
      await scenarios.gives(`${name}, made`, handle, made);
    }
  }
  return scenarios.findings;
}

function shown(text: string): [string, string] {
  const { practice, secret } = parseInvitationLink(text);
  return [bytesToHex(practice), bytesToHex(secret)];
}
