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
  #running: ChildProcess | null = null;

  constructor(options: VerificationsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  of(folder: string, practice: string): Verification | null {
    return this.#found.get(keyOf(folder, practice)) ?? null;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#running?.kill();
  }

  /** One folder at a time. */
  #look(): void {
    const { folders, held, clock } = this.#options;
    if (this.#running !== null) return;
    const isDue = (folder: string) => (practice: string) =>
      clock() - (this.of(folder, practice)?.verifiedAt ?? 0) > verifyEveryMs;
    const due = folders.find((folder) => held(folder).some(isDue(folder)));
    if (due !== undefined) this.#verify(due);
  }

  #verify(folder: string): void {
    const { clock, log, onVerified } = this.#options;
    const script = join(import.meta.dirname, 'verify-copy.ts');
    this.#running = execFile(process.execPath, [script, folder], { maxBuffer: maxOutputBytes }, (error, output) => {
      this.#running = null;
      if (error !== null) {
        if (error.killed !== true) log.warn({ err: error }, 'a copy could not be verified');
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
