import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { CodedError } from '@serment/core/error';
import type { Kind } from './kinds.ts';
import type { FaultVault } from './vault.ts';

/** What one run of an operation is given: JSON, so that it may be run in a process that will be killed. */
export interface Order {
  /** A folder of this run's own. */
  readonly folder: string;
  readonly practice: string;
  /** Where the host's keys lie. */
  readonly hostKey: string;
  readonly [more: string]: unknown;
}

/** Something that was promised to who asked for the operation. */
export interface Told {
  readonly what: string;
  readonly [more: string]: unknown;
}

/** How a run ended: an error without a code is nobody's to understand. */
export type Outcome =
  | { readonly end: 'done' }
  | { readonly end: 'failed'; readonly code: string | null; readonly message: string }
  | { readonly end: 'killed' };

export interface Ran {
  readonly outcome: Outcome;
  readonly told: readonly Told[];
  /** What went wrong; null where nothing did. */
  readonly kind: Kind | null;
}

/** What one run can do besides its work. */
export interface RunTools {
  /** Tells, before it returns, whoever asked. */
  tell(told: Told): void;
  /** From here on writes are counted, and may go wrong. */
  begin(): void;
  /** Until here. */
  end(): unknown;
  /** Time goes by, and a full disk has room again. */
  recover(): Promise<void>;
}

export interface Operation<Given extends Order = Order> {
  readonly name: string;
  /** What one run starts from, made anew for each. */
  order(vault: FaultVault, folder: string): Promise<Given>;
  /** The product's own code, as it is run for people. */
  run(order: Given, tools: RunTools): Promise<void>;
  /** What is wrong after a run, and after what a person would then do: a line each. */
  check(order: Given, ran: Ran, vault: FaultVault): Promise<string[]>;
  /** Gives back what the run took. */
  end(order: Given, vault: FaultVault): Promise<void>;
}

export const toldFile = (order: Order) => `${order.folder}/told`;
export const firedFile = (order: Order) => `${order.folder}/fired`;

export function tellIn(order: Order): RunTools['tell'] {
  return (told) => appendFileSync(toldFile(order), `${JSON.stringify(told)}\n`);
}

export function readLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

export function readTold(order: Order): Told[] {
  return readLines(toldFile(order)).map((line) => JSON.parse(line) as Told);
}

/** Runs an operation again, in this process and without any fault. */
export async function runAgain<Given extends Order>(
  operation: Pick<Operation<Given>, 'run'>,
  order: Given,
): Promise<Told[]> {
  const told: Told[] = [];
  await operation.run(order, {
    tell: (one) => void told.push(one),
    begin: () => undefined,
    end: () => undefined,
    recover: async () => undefined,
  });
  return told;
}

export function outcomeOf(cause: unknown): Outcome {
  const code = cause instanceof CodedError ? String(cause.code) : null;
  return { end: 'failed', code, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
