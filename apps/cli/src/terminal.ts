import type { Failure } from './failure.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };
export type JsonDocument = { readonly [key: string]: JsonValue | undefined };

const progressEveryMs = 100;

/** Where a command speaks: results on stdout, everything else on stderr. */
export class Terminal {
  readonly isJson: boolean;
  readonly #command: string;
  readonly #isTty: boolean;
  #partial: JsonDocument = {};
  #shownAt = 0;
  #hasLine = false;

  constructor(options: { command: string; isJson: boolean }) {
    this.#command = options.command;
    this.isJson = options.isJson;
    this.#isTty = process.stderr.isTTY === true && !options.isJson;
  }

  /** The result: one document with `--json`, these lines without. */
  result(document: JsonDocument, lines: readonly string[]): void {
    this.clear();
    const text = this.isJson ? JSON.stringify({ command: this.#command, ...document }) : lines.join('\n');
    process.stdout.write(`${text}\n`);
  }

  /** What had been done already, for the document that says why the rest was not. */
  partial(document: JsonDocument): void {
    this.#partial = { ...this.#partial, ...document };
  }

  /** A line for the person. */
  log(line: string): void {
    this.clear();
    process.stderr.write(`${line}\n`);
  }

  /** A line for programs that follow, as it happens; nothing without `--json`. */
  event(event: JsonDocument): void {
    if (this.isJson) process.stderr.write(`${JSON.stringify(event)}\n`);
  }

  /** One line that is written over, on a terminal alone. */
  progress(what: string, done: number, total: number | null = null): void {
    const now = performance.now();
    if (!this.#isTty || (now - this.#shownAt < progressEveryMs && done !== total)) return;
    this.#shownAt = now;
    this.#hasLine = true;
    const share = total === null ? String(done) : `${done} / ${total}`;
    process.stderr.write(`\r\u001b[K${what} ${share}`);
  }

  clear(): void {
    if (!this.#hasLine) return;
    this.#hasLine = false;
    process.stderr.write('\r\u001b[K');
  }

  /** What happened, what is safe, what to do; with `--json` as a document too, with what had been done. */
  fail(failure: Failure): void {
    const { exit, code, message, safe, hint } = failure;
    this.log(
      `serment${this.#command === '' ? '' : ` ${this.#command}`}: ${sentence(message)}\n${sentence(safe)}\n${sentence(hint)}`,
    );
    if (!this.isJson) return;
    const document = { command: this.#command, ...this.#partial, error: { code, message, safe, hint, exit } };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  }
}

function sentence(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trim();
  return /[.?!…)]$/.test(line) ? line : `${line}.`;
}
