import { join } from 'node:path';
import { type Bytes, hexToBytes } from '@serment/core/bytes';
import { seedToSigner } from '@serment/core/keys/signing';
import type { Language } from '@serment/core/wire/factor';
import type { CodeFactor, FactorOffer } from '@serment/core/wire/login';
import type { Cache } from '@serment/replica/cache';
import { folderCache } from '@serment/replica/cache-node';
import { ReplicaError } from '@serment/replica/error';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { FactorAsked, type Unlocked, unlockByPassword } from '@serment/replica/sign-in/unlock';
import type { Transport } from '@serment/replica/transport';
import { StoreError } from '@serment/store/error';
import { takeOwnership } from '@serment/store/postgres/owner-lock';
import { deviceDir, type KeptDevice, keepDevice } from './device-shelf.ts';
import { CliError } from './error.ts';
import { ask, askSecret } from './question.ts';
import { transportTo } from './server-address.ts';
import type { Terminal } from './terminal.ts';

/** A device of this computer, unlocked, with its session open. */
export interface OpenedDevice {
  readonly kept: KeptDevice;
  readonly transport: Transport;
  readonly practice: Bytes;
  readonly seed: Bytes;
}

const mostTries = 3;

/**
 * Unlocks a device by its member's password and, once a day, a second factor, both asked on the terminal; then locks it
 * again. One command at a time uses it. Throws DEVICE_IN_USE, FACTOR_UNUSABLE, and what `unlockByPassword` throws.
 */
export async function withDevice<Result>(
  kept: KeptDevice,
  terminal: Terminal,
  use: (opened: OpenedDevice) => Promise<Result>,
): Promise<Result> {
  // A device signs each entry on the one before it: two that write at once would refuse each other.
  const lock = await takeOwnership(deviceDir(kept.record.author)).catch((error: unknown) => {
    throw error instanceof StoreError && error.code === 'DATA_IN_USE' ? inUse() : error;
  });
  const transport = transportTo(kept.server);
  try {
    const { seed, record } = await unlock(kept, transport, terminal);
    const practice = hexToBytes(record.practice);
    await transport.openSession(practice, await seedToSigner(seed));
    try {
      return await use({ kept: { ...kept, record }, transport, practice, seed });
    } finally {
      seed.fill(0);
    }
  } finally {
    await transport.closeSession().catch(() => undefined);
    await lock.release();
  }
}

/** Opens the practice of a device on the cache that it keeps here. Throws what `openPractice` throws. */
export function openKept({ kept, transport, practice, seed }: OpenedDevice): Promise<Practice> {
  return openPractice({ transport, practice, seed, cache: cacheOf(kept.record.author) });
}

export function cacheOf(author: string): Cache {
  return folderCache(join(deviceDir(author), 'cache'));
}

async function unlock(kept: KeptDevice, transport: Transport, terminal: Terminal): Promise<Unlocked> {
  const { memberName, practiceName } = kept;
  terminal.clear();
  const whose = [memberName, practiceName].filter(Boolean).join(', ');
  const password = await askSecret(whose === '' ? 'Password:' : `Password of ${whose}:`);
  const options = {
    ...{ transport, record: kept.record },
    keep: (record: KeptDevice['record']) => keepDevice({ ...kept, record }),
  };
  const unlocked = await unlockByPassword(options, password);
  return unlocked instanceof FactorAsked ? passFactor(unlocked) : unlocked;
}

/** A wrong code is asked for again, as a person mistypes; the server counts them. */
async function passFactor(asked: FactorAsked): Promise<Unlocked> {
  const factor = await chosenFactor(asked.offers);
  if (factor === 'sms') {
    const { to, localCode } = await asked.sendCode(language());
    process.stderr.write(
      localCode === null ? `A code was sent to ${to}.\n` : `Local mode, no SMS: the code to ${to} is ${localCode}.\n`,
    );
  }
  for (let tries = 1; ; tries += 1) {
    const code = await ask(questions[factor]);
    try {
      return await asked.answer({ factor, code });
    } catch (error) {
      const isMistyped = error instanceof ReplicaError && error.code === 'CODE_WRONG';
      if (!isMistyped || tries >= mostTries) throw error;
      process.stderr.write('That is not the code.\n');
    }
  }
}

const questions: Readonly<Record<CodeFactor, string>> = {
  sms: 'Code of the SMS:',
  totp: 'Code of the authenticator application:',
  recovery: 'Recovery code:',
};

async function chosenFactor(offers: readonly FactorOffer[]): Promise<CodeFactor> {
  const usable = offers.flatMap(({ factor, detail }) => (factor === 'passkey' ? [] : [{ factor, detail }]));
  const [first] = usable;
  if (first === undefined)
    throw new CliError(
      'FACTOR_UNUSABLE',
      'The account’s second factor is a passkey, which only a browser can ask for',
      {
        hint: 'In “Mes façons d’entrer”, add a telephone or an authenticator application.',
      },
    );
  if (usable.length === 1) return first.factor;
  const words = usable.map(({ factor, detail }, place) => `${place + 1} ${wordsOf(factor, detail)}`);
  const chosen = usable[Number(await ask(`Second factor: ${words.join(', ')}. Which? [1]`)) - 1];
  return (chosen ?? first).factor;
}

function wordsOf(factor: CodeFactor, detail: string): string {
  if (factor === 'sms') return `a code by SMS to ${detail}`;
  return factor === 'totp' ? 'the authenticator application' : `a recovery code (${detail} left)`;
}

/** Of the message that a telephone receives. */
function language(): Language {
  const { LC_ALL, LC_MESSAGES, LANG = '' } = process.env;
  return /^fr/i.test(LC_ALL || LC_MESSAGES || LANG) ? 'fr' : 'en';
}

function inUse(): CliError {
  return new CliError('DEVICE_IN_USE', 'Another command uses this device', {
    hint: 'Wait until it has ended, then run this one again.',
  });
}
