import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { jsonCount, jsonText, parseJson, parseObject } from '@serment/core/wire/json';
import type { FastifyBaseLogger } from 'fastify';

/** What the last whole reading of a copy found of one practice. */
export interface Verification {
  readonly verifiedAt: number;
  readonly verifiedSize: number;
  readonly verifiedFindings: number;
}

interface Asked {
  readonly folder: string;
  readonly practice: string;
}

export interface VerificationsOptions {
  readonly folders: readonly string[];
  /** Practices, in hexadecimal, that a copy holds entries of. */
  readonly held: (folder: string) => readonly string[];
  readonly onVerified: (practice: string) => void;
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

const lookEveryMs = 30_000;
const verifyEveryMs = 86_400_000;
const maxOutputBytes = 16_777_216;

/** Reads every copy whole once a day, and a practice's first copy soon after it was made. */
export class Verifications {
  readonly #options: VerificationsOptions;
  readonly #found = new Map<string, Verification>();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Asked for by a person, first come first served. */
  readonly #asked: Asked[] = [];
  #running: ChildProcess | null = null;

  constructor(options: VerificationsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  of(folder: string, practice: string): Verification | null {
    return this.#found.get(keyOf(folder, practice)) ?? null;
  }

  /** Reads one practice's copy before what is due by itself. */
  ask(folder: string, practice: string): void {
    const isWaiting = this.#asked.some((one) => one.folder === folder && one.practice === practice);
    if (!isWaiting) this.#asked.push({ folder, practice });
    this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#asked.length = 0;
    this.#running?.kill();
  }

  /** One folder at a time. */
  #look(): void {
    const { folders, held, clock } = this.#options;
    if (this.#running !== null) return;
    const asked = this.#asked.shift();
    if (asked !== undefined) {
      this.#verify(asked.folder, asked.practice);
      return;
    }
    const isDue = (folder: string) => (practice: string) =>
      clock() - (this.of(folder, practice)?.verifiedAt ?? 0) > verifyEveryMs;
    const due = folders.find((folder) => held(folder).some(isDue(folder)));
    if (due !== undefined) this.#verify(due, null);
  }

  /** One practice, or all for null. */
  #verify(folder: string, only: string | null): void {
    const { clock, log, onVerified } = this.#options;
    const script = join(import.meta.dirname, 'verify-copy.ts');
    const args = [script, folder, ...(only === null ? [] : [only])];
    this.#running = execFile(process.execPath, args, { maxBuffer: maxOutputBytes }, (error, output) => {
      this.#running = null;
      if (error !== null) {
        if (error.killed === true) return;
        log.warn({ err: error }, 'a copy could not be verified');
        if (this.#asked.length > 0) this.#look();
        return;
      }
      for (const { practice, size, damages } of parseVerified(output)) {
        this.#found.set(keyOf(folder, practice), {
          verifiedAt: clock(),
          verifiedSize: size,
          verifiedFindings: damages,
        });
        onVerified(practice);
      }
      if (this.#asked.length > 0) this.#look();
    });
  }
}

function keyOf(folder: string, practice: string): string {
  return `${practice} ${folder}`;
}

function parseVerified(output: string): { practice: string; size: number; damages: number }[] {
  const list = parseObject(parseJson(output), ['practices'])('practices');
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => {
    const of = parseObject(item, ['practice', 'size', 'damages']);
    return { practice: jsonText(of('practice')), size: jsonCount(of('size')), damages: jsonCount(of('damages')) };
  });
}
