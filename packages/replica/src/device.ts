import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import type { DeviceLabel } from '@serment/core/journal/body';
import { isKitOf } from '@serment/core/keys/kit';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { type RandomSource, randomBytes } from '@serment/core/random';
import { newPractice, newPractitioner, type PractitionerTraits } from '@serment/records/fhir/directory';
import { memoryCache } from './cache.ts';
import { ReplicaError } from './error.ts';
import { GovernanceBatch, govern } from './governance-batch.ts';
import { startFromHeads } from './heads-start.ts';
import { JournalMirror } from './journal-mirror.ts';
import { holderBody } from './key-bodies.ts';
import { renewKeys } from './key-renewal.ts';
import { Keyring } from './keyring.ts';
import { kitRefusal, kitWrong, readKit } from './kit-reading.ts';
import type { KitText } from './kit-text.ts';
import { knownMember } from './members.ts';
import type { Practice } from './practice.ts';
import { preparePractice } from './practice-creation.ts';
import { openPractice } from './practice-opening.ts';
import { sealToNewestKey } from './sign-in/account.ts';
import type { Transport } from './transport.ts';

export interface NewPracticeOptions {
  readonly transport: Transport;
  readonly practiceName: string;
  readonly doctor: PractitionerTraits;
  readonly label: DeviceLabel;
  readonly clock?: () => number;
  readonly random?: RandomSource;
}

export interface NewPractice {
  readonly practice: Bytes;
  readonly author: Bytes;
  readonly kit: KitText;
  /** Sends the genesis batch, then the names of the practice and of its doctor. Nothing exists at the host before. */
  commit(): Promise<{ practice: Bytes; seed: Bytes }>;
}

/** Makes a practice on this device. Its kit can be printed and checked before anything is sent. */
export async function prepareNewPractice(options: NewPracticeOptions): Promise<NewPractice> {
  const { transport, label } = options;
  const random = options.random ?? randomBytes;
  const clock = options.clock ?? Date.now;
  const host = await transport.host();
  const prepared = await preparePractice({ hostAuthor: host.author, label, nowMs: clock(), random });
  const organization = newPractice(bytesToHex(prepared.practice), { name: options.practiceName });
  const practitioner = newPractitioner(bytesToHex(prepared.member), options.doctor);
  return {
    practice: prepared.practice,
    author: prepared.author,
    kit: prepared.kit,
    async commit() {
      await transport.createPractice(
        prepared.batch.map(({ statementBytes, payload }) => ({ statement: statementBytes, payload })),
      );
      const opened = await openPractice({
        transport,
        cache: memoryCache(),
        practice: prepared.practice,
        seed: prepared.deviceSeed,
        clock,
        random,
      });
      const records = [organization, practitioner].map((resource) => ({
        resource,
        change: 'create' as const,
        replaces: [],
      }));
      await opened.save({ patient: null, records });
      await opened.outbox.flush();
      return { practice: prepared.practice, seed: prepared.deviceSeed };
    },
  };
}

export interface KitOptions {
  readonly transport: Transport;
  /** A kit as typed, or the text of a kit file. */
  readonly kitText: string;
  readonly clock?: () => number;
  readonly random?: RandomSource;
}

/** The practice and the seed of a kit, as the server knows it. Throws what `readKit` throws, KIT_WRONG, UNREACHABLE. */
export async function findPractice(
  options: Pick<KitOptions, 'transport' | 'kitText'>,
): Promise<{ practice: Bytes; seed: Bytes }> {
  const kit = readKit(options.kitText);
  const practice = await options.transport.findPractice(kit.practicePrefix);
  if (practice === null || !isKitOf(kit, practice)) throw kitWrong();
  return { practice, seed: kit.seed };
}

/** Opens a kit's session at its practice's server. Throws what `findPractice` throws, KIT_WITHDRAWN, KIT_UNKNOWN. */
export async function openKitSession(
  options: Pick<KitOptions, 'transport' | 'kitText'>,
): Promise<{ practice: Bytes; seed: Bytes }> {
  const { practice, seed } = await findPractice(options);
  try {
    await options.transport.openSession(practice, await seedToSigner(seed));
  } catch (error) {
    throw kitRefusal(error, seed);
  }
  return { practice, seed };
}

/** What an enrolment by a holder that is no device has besides what says which. */
export interface HolderEnrolment {
  readonly transport: Transport;
  readonly label: DeviceLabel;
  readonly clock?: () => number;
  readonly random?: RandomSource;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes this device one of the kit's member, by the kit's signature: every member can see it. The keys that the paper
 * opened until then are drawn anew at once. `kit` is the kit's author, for its replacement: it has served. Throws what
 * `openKitSession` throws, HOST_LIES and the like.
 */
export async function enrolByKit(
  options: KitOptions & HolderEnrolment,
): Promise<{ practice: Bytes; seed: Bytes; kit: Bytes }> {
  const found = await openKitSession(options);
  try {
    const { seed, holder } = await enrolByHolder(found, options, (error) => kitRefusal(error, found.seed));
    return { practice: found.practice, seed, kit: holder };
  } finally {
    found.seed.fill(0);
  }
}

/**
 * Makes this device one of the member whose kit or passkey has that seed and an open session. Gives the device's seed,
 * and the holder's author. `refusal` says of such a holder what is said of any.
 */
export async function enrolByHolder(
  found: { readonly practice: Bytes; readonly seed: Bytes },
  options: HolderEnrolment,
  refusal: (error: unknown) => unknown,
): Promise<{ seed: Bytes; holder: Bytes }> {
  const { transport } = options;
  const { practice } = found;
  const random = options.random ?? randomBytes;
  const { mirror, keyring } = await openHolder(found, { ...options, random }, refusal);
  const { author } = keyring.signer;
  const seed = newSeed(random);
  try {
    const { author: device } = await seedToSigner(seed);
    const sync = async () => {
      await mirror.sync();
      await keyring.refresh(mirror.governance);
    };
    const at = { mirror, transport, clock: options.clock ?? Date.now, sync };
    await govern(at, async (batch) => {
      if (mirror.governance.authors.has(bytesToHex(device))) return;
      const { member, generation } = knownMember({ mirror }, bytesToHex(keyring.member));
      const memberSeed = keyring.memberSeed(generation);
      const holder = await holderBody({ scope: practice, member, generation, memberSeed }, seed);
      await batch.add(keyring.signer, { kind: 'device', label: options.label, ...holder });
    });
    // A kit's use exposes what it opened. By the kit, so that the loss of the device's own entry takes none of it away; what
    // is cut here, the device goes on with.
    const isKit = mirror.governance.authors.get(bytesToHex(keyring.signer.author))?.type === 'kit';
    if (isKit) await renewKeys({ ...at, practice, keyring, random }).catch(toleratingFailure);
    // The device has the newest keys alone; what names it, and is wrapped more, lets it join the password all the same.
    await sealToNewestKey({ transport, keyring, mirror, random }).catch(toleratingFailure);
    return { seed, holder: author };
  } finally {
    keyring.close();
  }
}

/**
 * Says in a member's name that this restored vault is the one to go on with: its fence, and its host when that changed.
 * What the host shows is verified first, and must hold what this device knew up to the restored size. Throws HOST_LIES.
 */
export async function acknowledgeRestore(practice: Practice): Promise<{ kept: number; lost: number }> {
  const { keyring, transport, clock } = practice;
  const { restored } = await transport.status();
  if (restored === null) return { kept: practice.mirror.size, lost: 0 };
  const { fence, size, root } = restored;
  const cache = memoryCache();
  const mirror = await JournalMirror.open({
    practice: practice.practice,
    source: transport,
    cache,
    isRecovering: true,
  });
  await mirror.sync();
  const known = size <= practice.mirror.size ? practice.mirror.rootAt(size) : null;
  const shown = mirror.rootAt(size);
  if (shown === null || !equalBytes(shown, root) || (known !== null && !equalBytes(known, root)))
    throw new ReplicaError('HOST_LIES', 'The restored vault is not what the host says, or not what this device knew', {
      fields: { finding: 'FORK' },
      hint: 'Nothing was accepted. Restore from another copy, and ask the host.',
    });
  const host = await transport.host();
  const author = mirror.governance.hostAuthor;
  const batch = new GovernanceBatch({ mirror, clock });
  if (author === null || !equalBytes(author, host.author))
    await batch.add(keyring.signer, { kind: 'host', hostAuthor: host.author });
  await batch.add(keyring.signer, { kind: 'restore-ack', fence, size, root });
  await transport.append(batch.entries);
  return { kept: size, lost: Math.max(0, practice.mirror.size - size) };
}

/** Without the new keys the upkeep draws them; without the password the person chooses another one. */
function toleratingFailure(error: unknown): void {
  if (!(error instanceof CodedError)) throw error;
}

async function openHolder(
  found: { readonly practice: Bytes; readonly seed: Bytes },
  { transport, random, onProgress }: HolderEnrolment & { readonly random: RandomSource },
  refusal: (error: unknown) => unknown,
): Promise<{ mirror: JournalMirror; keyring: Keyring }> {
  const mirror = await JournalMirror.open({ practice: found.practice, source: transport, cache: memoryCache() });
  await startFromHeads({ mirror, source: transport, seed: found.seed, random, onProgress });
  await mirror.sync(onProgress);
  const keyring = await Keyring.open(found.seed, mirror.governance).catch((error: unknown) => {
    throw refusal(error);
  });
  return { mirror, keyring };
}
