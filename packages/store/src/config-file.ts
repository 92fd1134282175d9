import { createReadStream } from 'node:fs';
import type { Bytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { readAtMost } from './bounded-read.ts';

/** What a configuration file, or a file that an option names, has wrong. */
export class ConfigError extends CodedError<'USAGE'> {}

/** The option that names a configuration file, and the page that describes what it holds. */
export interface ConfigKind {
  readonly option: `--${string}`;
  readonly page: string;
}

interface IntegerRange<Absent> {
  readonly min: number;
  readonly max: number;
  /** What stands for a member that is not given; without it the member is needed. */
  readonly absent?: Absent;
}

const maxConfigBytes = 65_536;
const maxNamedBytes = 1_048_576;

/** The text of a file that an option names: at most 1 MiB of UTF-8. Throws USAGE. */
export async function readOptionText(option: `--${string}`, path: string): Promise<string> {
  const refuse: Refuse = (problem) =>
    new ConfigError('USAGE', `${option}: the file ${problem}`, { fields: { field: '' }, hint: 'See --help.' });
  return decodeUtf8(await readFileAtMost(path, maxNamedBytes, refuse), refuse);
}

/** The object of a file: at most 64 KiB of JSON in UTF-8, with no member but these. Throws USAGE. */
export async function readConfig(path: string, kind: ConfigKind, names: readonly string[]): Promise<ConfigObject> {
  return parseConfig(await readFileAtMost(path, maxConfigBytes, refusing(kind)), kind, names);
}

/** The same, of bytes that were read. A byte order mark is passed over. Throws USAGE. */
export function parseConfig(bytes: Uint8Array, kind: ConfigKind, names: readonly string[]): ConfigObject {
  const text = decodeUtf8(bytes, refusing(kind));
  return new ConfigObject(kind, '', parseJson(kind, '', text), names);
}

/**
 * An object of a configuration file. What reads a member throws USAGE, which tells the option, the member's path
 * (`fields.field`; '' for the whole file) and what is expected there. It quotes nothing of the file, which may hold
 * secrets, in the wrong place too: no value, no name that is not known, and no cause that repeats them.
 */
export class ConfigObject {
  readonly #kind: ConfigKind;
  readonly #path: string;
  readonly #members: ReadonlyMap<string, unknown>;

  /** `names`: the members that are known, or null where any name is taken. */
  constructor(kind: ConfigKind, path: string, value: unknown, names: readonly string[] | null) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(kind, path, `${subjectOf(path)} is not one object of JSON`);
    this.#kind = kind;
    this.#path = path;
    this.#members = new Map(Object.entries(value));
    if (names !== null && [...this.#members.keys()].some((name) => !names.includes(name)))
      throw wrong(kind, path, `${subjectOf(path)} has a member that is not known: there are ${names.join(', ')}`);
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Whatever was given; undefined when nothing was. */
  value(name: string): unknown {
    return this.#members.get(name);
  }

  names(): readonly string[] {
    return [...this.#members.keys()];
  }

  text(name: string): string {
    const value = this.value(name);
    if (isText(value)) return value;
    throw this.wrong(name, 'it is needed, a text with no space around it');
  }

  /** Absent as empty. */
  texts(name: string): readonly string[] {
    const value: unknown = this.has(name) ? this.value(name) : [];
    if (Array.isArray(value) && value.every(isText)) return value;
    throw this.wrong(name, 'it is a list of texts with no space around them');
  }

  flag(name: string, absent: boolean): boolean {
    const value = this.has(name) ? this.value(name) : absent;
    if (typeof value === 'boolean') return value;
    throw this.wrong(name, 'it is true or false');
  }

  /** The first of the choices when none is given. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    if (!this.has(name)) return choices[0];
    const value = choices.find((choice) => choice === this.value(name));
    if (value !== undefined) return value;
    throw this.wrong(name, `it is one of ${choices.join(', ')}`);
  }

  integer<Absent = never>(name: string, { min, max, absent }: IntegerRange<Absent>): number | Absent {
    const value = this.value(name);
    if (value === undefined && absent !== undefined) return absent;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw this.wrong(name, `it is a whole number from ${min} to ${max}`);
  }

  /** Absent as empty. */
  object(name: string, names: readonly string[] | null): ConfigObject {
    return new ConfigObject(this.#kind, this.#at(name), this.has(name) ? this.value(name) : {}, names);
  }

  /** One object of a list, by its place. */
  item(name: string, place: number, names: readonly string[]): ConfigObject {
    const list = this.value(name);
    return new ConfigObject(this.#kind, this.#at(`${name}.${place}`), Array.isArray(list) ? list[place] : null, names);
  }

  /** The name of a time zone, as the system writes it. */
  timeZone(name: string): string {
    const timeZone = this.text(name);
    try {
      return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
    } catch {
      throw this.wrong(name, 'it is the name of a time zone, such as Europe/Paris');
    }
  }

  /** What a member's text says in JSON of its own. */
  json(name: string, text: string): unknown {
    return parseJson(this.#kind, this.#at(name), text);
  }

  /** The bytes of a file that a member names, at most 1 MiB. `path` is where it is, from the working folder. */
  readNamed(name: string, path: string): Promise<Bytes> {
    return readFileAtMost(path, maxNamedBytes, (problem) => this.wrong(name, `its file ${problem}`));
  }

  /** The same, of a file in UTF-8. */
  async readNamedText(name: string, path: string): Promise<string> {
    return decodeUtf8(await this.readNamed(name, path), (problem) => this.wrong(name, `its file ${problem}`));
  }

  /** The refusal of a member, or of the object itself ('' for its name). `cause` quotes nothing of the file. */
  wrong(name: string, problem: string, cause?: unknown): ConfigError {
    return wrong(this.#kind, this.#at(name), problem, cause);
  }

  #at(name: string): string {
    return [this.#path, name].filter((part) => part !== '').join('.');
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value === value.trim();
}

type Refuse = (problem: string) => ConfigError;

async function readFileAtMost(path: string, maxBytes: number, refuse: Refuse): Promise<Bytes> {
  let bytes: Bytes | null;
  try {
    bytes = await readAtMost(createReadStream(path), maxBytes);
  } catch (cause) {
    // Its message holds the path, which a file may have given.
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown';
    throw refuse(`cannot be read (${code})`);
  }
  if (bytes === null) throw refuse(`is too large: it has at most ${maxBytes} bytes`);
  return bytes;
}

function decodeUtf8(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('is not in UTF-8');
  }
}

function parseJson(kind: ConfigKind, path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause: the parser quotes the text around the fault, which may be a secret.
    throw wrong(kind, path, `${subjectOf(path)} is not JSON`);
  }
}

function refusing(kind: ConfigKind): Refuse {
  return (problem) => wrong(kind, '', `the file ${problem}`);
}

function subjectOf(path: string): string {
  return path === '' ? 'the file' : 'it';
}

function wrong({ option, page }: ConfigKind, path: string, problem: string, cause?: unknown): ConfigError {
  const place = path === '' ? option : `${option}: ${path}`;
  return new ConfigError('USAGE', `${place}: ${problem}`, { cause, fields: { field: path }, hint: `See ${page}.` });
}
