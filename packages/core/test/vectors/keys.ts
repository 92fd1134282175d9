import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { openOwnKey, sealOwnKey } from '@serment/core/keys/deposit';
import {
  cacheInputKey,
  epochCheck,
  openInbox,
  openPrevious,
  sealInbox,
  sealPrevious,
  streamId,
  streamKey,
} from '@serment/core/keys/epoch';
import { offlineShare } from '@serment/core/keys/offline';
import { openAccountSecret, openAsMember } from '@serment/core/keys/password';
import { openReason, sealReason } from '@serment/core/keys/reason';
import { parseRecipient, recipientToText, seedToIdentity, seedToRecipient } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { openDeviceSeed, passkeyInput, type Way } from '@serment/core/keys/unlocker';
import { unwrapSecret, type WrapUse, wrapSecret } from '@serment/core/keys/wrap';
import { draftInputKey } from '@serment/core/sealed/draft';
import { payloadInputKey } from '@serment/core/sealed/payload';
import { verifySignature } from '@serment/core/signature';
import { type Finding, Scenarios } from './scenario.ts';

interface Seed {
  readonly name: string;
  readonly seed: string;
  readonly identity: string;
  readonly recipient: string;
  readonly author: string;
}
interface Recipient {
  readonly name: string;
  readonly text: string;
  readonly error: string;
}
interface Signature {
  readonly name: string;
  readonly author: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}
interface Epoch {
  readonly name: string;
  readonly epochKey: string;
  readonly check: string;
  readonly payloadInputKey: string;
  readonly draftInputKey: string;
  readonly cacheInputKey: string;
  readonly streamKey: string;
}
interface Deposit {
  readonly name: string;
  readonly inboxSeed: string;
  readonly practice: string;
  readonly author: string;
  readonly epoch: number;
  readonly privateKey: string;
  readonly wrap: string;
  readonly sealed: string;
  readonly secret?: string;
  readonly wrapError?: string;
  readonly ownError?: string;
}
interface Stream {
  readonly firstEpochKey: string;
  readonly name: string;
  readonly stream: string;
}
interface SealedKey {
  readonly name: string;
  readonly use: 'inbox' | 'previous';
  readonly epochKey: string;
  readonly practice: string;
  readonly compartment: string;
  readonly number: number;
  readonly sealed: string;
  readonly secret?: string;
  readonly error?: string;
}
interface Reason {
  readonly name: string;
  readonly epochKey: string;
  readonly practice: string;
  readonly stream: string;
  readonly author: string;
  readonly sealed: string;
  readonly reason?: string;
  readonly error?: string;
}
interface Wrap {
  readonly name: string;
  readonly seed: string;
  readonly purpose: string;
  readonly practice: string | null;
  /** A member in hexadecimal or a compartment's name, then a generation or an epoch's number. */
  readonly subject: readonly [string, number];
  readonly wrap: string;
  readonly secret?: string;
  readonly error?: string;
}
interface AccountSecret {
  readonly name: string;
  readonly exportKey: string;
  readonly account: string;
  readonly sealed: string;
  readonly secret?: string;
  readonly error?: string;
}
interface MemberSealed {
  readonly name: string;
  readonly memberSeed: string;
  readonly account: string;
  readonly generation: number;
  readonly sealed: string;
  readonly secret?: string;
  readonly error?: string;
}
interface PasskeyInput {
  readonly name: string;
  readonly practice: string;
  readonly author: string;
  readonly input: string;
}
interface OfflineShare {
  readonly name: string;
  readonly password: string;
  readonly salt: string;
  readonly share?: string;
  readonly error?: string;
}
interface DeviceSeed {
  readonly name: string;
  readonly way: Way;
  readonly share: string;
  readonly deviceSecret: string;
  readonly practice: string;
  readonly author: string;
  readonly sealed: string;
  readonly seed?: string;
  readonly error?: string;
}

export interface KeysVectors {
  readonly seeds: readonly Seed[];
  readonly recipients: readonly Recipient[];
  readonly signatures: readonly Signature[];
  readonly epochs: readonly Epoch[];
  readonly streams: readonly Stream[];
  readonly sealedKeys: readonly SealedKey[];
  readonly wraps: readonly Wrap[];
  readonly accountSecrets: readonly AccountSecret[];
  readonly accountSecretsOfMembers: readonly MemberSealed[];
  readonly passkeyInputs: readonly PasskeyInput[];
  readonly offlineShares: readonly OfflineShare[];
  readonly deviceSeeds: readonly DeviceSeed[];
  readonly reasons: readonly Reason[];
  readonly deposits: readonly Deposit[];
}

/** Runs vectors/keys.json; nothing found is what it should give. */
export async function runKeysVectors(vectors: KeysVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  await runSeeds(scenarios, vectors);
  await runEpochs(scenarios, vectors);
  await runWraps(scenarios, vectors.wraps);
  await runUnlocking(scenarios, vectors);
  await runReasons(scenarios, vectors.reasons);
  await runDeposits(scenarios, vectors.deposits);
  return scenarios.findings;
}

async function runSeeds(scenarios: Scenarios, vectors: KeysVectors): Promise<void> {
  for (const { name, seed, identity, recipient, author } of vectors.seeds) {
    await scenarios.gives(`${name}, identity`, identity, () => seedToIdentity(hexToBytes(seed)));
    await scenarios.gives(`${name}, recipient`, recipient, async () =>
      recipientToText(await seedToRecipient(hexToBytes(seed))),
    );
    await scenarios.gives(`${name}, recipient read`, recipient, () => recipientToText(parseRecipient(recipient)));
    await scenarios.gives(`${name}, author`, author, async () => (await seedToSigner(hexToBytes(seed))).author);
  }
  for (const { name, text, error } of vectors.recipients)
    await scenarios.refuses(name, error, () => parseRecipient(text));
  const signers = await Promise.all(vectors.seeds.map(({ seed }) => seedToSigner(hexToBytes(seed))));
  for (const { name, author, message, signature, valid } of vectors.signatures) {
    await scenarios.gives(name, valid, () =>
      verifySignature(hexToBytes(author), hexToBytes(message), hexToBytes(signature)),
    );
    const signer = signers.find((candidate) => bytesToHex(candidate.author) === author);
    if (valid && signer !== undefined)
      await scenarios.gives(`${name}, signed again`, signature, () => signer.sign(hexToBytes(message)));
  }
}

async function runEpochs(scenarios: Scenarios, vectors: KeysVectors): Promise<void> {
  for (const epoch of vectors.epochs) {
    const key = hexToBytes(epoch.epochKey);
    await scenarios.gives(`${epoch.name}, check value`, epoch.check, () => epochCheck(key));
    await scenarios.gives(`${epoch.name}, payloads`, epoch.payloadInputKey, () => payloadInputKey(key));
    await scenarios.gives(`${epoch.name}, drafts`, epoch.draftInputKey, () => draftInputKey(key));
    await scenarios.gives(`${epoch.name}, cache`, epoch.cacheInputKey, () => cacheInputKey(key));
    await scenarios.gives(`${epoch.name}, streams`, epoch.streamKey, () => streamKey(key));
  }
  for (const { firstEpochKey, name, stream } of vectors.streams)
    await scenarios.gives(`stream ${name}`, stream, () => streamId(streamKey(hexToBytes(firstEpochKey)), name));
  for (const { name, use, epochKey, practice, compartment, number, sealed, secret, error } of vectors.sealedKeys) {
    const [key, scope] = [hexToBytes(epochKey), { practice: hexToBytes(practice), compartment, number }];
    const [open, seal] = use === 'inbox' ? [openInbox, sealInbox] : [openPrevious, sealPrevious];
    if (error !== undefined) await scenarios.refuses(name, error, () => open(key, scope, hexToBytes(sealed)));
    if (secret === undefined) continue;
    await scenarios.gives(name, secret, () => open(key, scope, hexToBytes(sealed)));
    await scenarios.gives(`${name}, sealed again under its salt`, sealed, () =>
      seal(key, scope, hexToBytes(secret), () => hexToBytes(sealed.slice(0, 48))),
    );
  }
}

async function runReasons(scenarios: Scenarios, reasons: readonly Reason[]): Promise<void> {
  for (const { name, epochKey, practice, stream, author, sealed, reason, error } of reasons) {
    const scope = { practice: hexToBytes(practice), stream: hexToBytes(stream), author: hexToBytes(author) };
    const open = () => openReason(hexToBytes(epochKey), scope, hexToBytes(sealed));
    if (error !== undefined) await scenarios.refuses(name, error, open);
    if (reason === undefined) continue;
    await scenarios.gives(name, reason, open);
    await scenarios.gives(`${name}, sealed again under its salt`, sealed, () =>
      sealReason(hexToBytes(epochKey), scope, reason, () => hexToBytes(sealed.slice(0, 48))),
    );
  }
}

async function runDeposits(scenarios: Scenarios, deposits: readonly Deposit[]): Promise<void> {
  for (const { name, inboxSeed, epoch, privateKey, sealed, secret, wrapError, ownError, ...rest } of deposits) {
    const [practice, author, wrap] = [rest.practice, rest.author, rest.wrap].map(hexToBytes) as [Bytes, Bytes, Bytes];
    const use = { purpose: 'deposit', practice, subject: ['clinical', epoch, author] } as const;
    const open = () => unwrapSecret(wrap, hexToBytes(inboxSeed), use);
    const openOwn = () => openOwnKey(hexToBytes(privateKey), { practice, author, wrap }, hexToBytes(sealed));
    if (wrapError !== undefined) await scenarios.refuses(`${name}, from the inbox`, wrapError, open);
    if (ownError !== undefined) await scenarios.refuses(`${name}, by its author`, ownError, openOwn);
    if (secret === undefined) continue;
    await scenarios.gives(`${name}, from the inbox`, secret, open);
    await scenarios.gives(`${name}, by its author`, secret, openOwn);
    await scenarios.gives(`${name}, sealed again under its salt`, sealed, () =>
      sealOwnKey(hexToBytes(privateKey), { practice, author, wrap }, hexToBytes(secret), () =>
        hexToBytes(sealed.slice(0, 48)),
      ),
    );
  }
}

async function runWraps(scenarios: Scenarios, wraps: readonly Wrap[]): Promise<void> {
  for (const vector of wraps) {
    const { name, wrap, secret, error } = vector;
    const [use, seed] = [wrapUse(vector), hexToBytes(vector.seed)];
    if (error !== undefined) await scenarios.refuses(name, error, () => unwrapSecret(hexToBytes(wrap), seed, use));
    if (secret === undefined) continue;
    await scenarios.gives(name, secret, () => unwrapSecret(hexToBytes(wrap), seed, use));
    await scenarios.gives(`${name}, wrapped again`, secret, async () => {
      const again = await wrapSecret({ ...use, recipient: await seedToRecipient(seed), secret: hexToBytes(secret) });
      return unwrapSecret(again, seed, use);
    });
  }
}

function wrapUse({ purpose, practice, subject: [name, number] }: Wrap): WrapUse {
  const bound = { practice: practice === null ? null : hexToBytes(practice) };
  if (purpose === 'member') return { ...bound, purpose, subject: [hexToBytes(name), number] };
  return { ...bound, purpose: 'epoch', subject: [name, number] };
}

async function runUnlocking(scenarios: Scenarios, vectors: KeysVectors): Promise<void> {
  for (const { name, exportKey, account, sealed, secret, error } of vectors.accountSecrets) {
    const open = () => openAccountSecret(hexToBytes(exportKey), hexToBytes(account), hexToBytes(sealed));
    if (error === undefined) await scenarios.gives(name, secret, open);
    else await scenarios.refuses(name, error, open);
  }
  for (const { name, memberSeed, account, generation, sealed, secret, error } of vectors.accountSecretsOfMembers) {
    const lock = { memberSeed: hexToBytes(memberSeed), account: hexToBytes(account), generation };
    const open = () => openAsMember(lock, hexToBytes(sealed));
    if (error === undefined) await scenarios.gives(name, secret, open);
    else await scenarios.refuses(name, error, open);
  }
  for (const { name, practice, author, input } of vectors.passkeyInputs)
    await scenarios.gives(name, input, () => passkeyInput(hexToBytes(practice), hexToBytes(author)));
  for (const { name, password, salt, share, error } of vectors.offlineShares) {
    const stretch = () => offlineShare(password, hexToBytes(salt));
    if (error === undefined) await scenarios.gives(name, share, stretch);
    else await scenarios.refuses(name, error, stretch);
  }
  for (const { name, way, share, deviceSecret, practice, author, sealed, seed, error } of vectors.deviceSeeds) {
    const lock = {
      way,
      share: hexToBytes(share),
      deviceSecret: hexToBytes(deviceSecret),
      practice: hexToBytes(practice),
      author: hexToBytes(author),
    };
    const open = () => openDeviceSeed(lock, hexToBytes(sealed));
    if (error === undefined) await scenarios.gives(name, seed, open);
    else await scenarios.refuses(name, error, open);
  }
}
