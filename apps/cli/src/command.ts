import type { Terminal } from './terminal.ts';

export interface Option {
  readonly name: string;
  /** What stands for its value in the help; left out for a flag. */
  readonly value?: string;
  readonly help: string;
  readonly isRequired?: true;
  readonly isRepeated?: true;
}

export interface Operands {
  /** As the help writes them, such as `PATH…`. */
  readonly label: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
}

/** One command: its help is made of this table, and nothing else parses its arguments. */
export interface Command {
  /** One word or two: `export`, `practice create`. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly operands: Operands | null;
  readonly options: readonly Option[];
  /** What each exit status means here. */
  readonly exits: readonly (readonly [status: number, meaning: string])[];
  /** When it fails: what is safe. */
  readonly safe: string;
  run(given: Given, terminal: Terminal): Promise<number>;
}

/** The arguments of one call, already checked against the command's table. */
export class Given {
  readonly operands: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #flags: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, readonly string[]>, flags: ReadonlySet<string>, operands: readonly string[]) {
    this.#values = values;
    this.#flags = flags;
    this.operands = operands;
  }

  /** A required option. */
  text(name: string): string {
    return this.optional(name) ?? '';
  }

  optional(name: string): string | null {
    return this.#values.get(name)?.at(-1) ?? null;
  }

  list(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#flags.has(name);
  }
}

export const jsonOption: Option = { name: 'json', help: 'print one JSON document on stdout; logs stay on stderr' };
export const serverOption: Option = { name: 'server', value: 'URL', help: 'address of the server', isRequired: true };
export const kitOption: Option = {
  name: 'kit',
  value: 'FILE',
  help: 'recovery kit: a file that holds its text',
  isRequired: true,
};
