import { readFile } from 'node:fs/promises';
import { ServerError } from '../error.ts';
import { isSecureUrl } from '../loopback.ts';
import { parseTemplate, type Template } from './template.ts';

/** A gateway's HTTP request, with places to fill (docs/security/sms.md). */
export interface GatewayConfig {
  readonly method: 'GET' | 'POST';
  readonly url: Template;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body: GatewayBody | null;
  /** Values of the places that are the same for each message: `from` and `env:NAME`. */
  readonly fixed: ReadonlyMap<string, string>;
  readonly success: { readonly status: readonly [number, number]; readonly bodyMatches: RegExp | null };
  readonly timeoutMs: number;
}

export type GatewayBody =
  | { readonly kind: 'form'; readonly template: Template }
  /** Each text in `value` is a template. */
  | { readonly kind: 'json'; readonly value: unknown };

type Fields = Readonly<Record<string, unknown>>;

const maxFileBytes = 65_536;
const perMessage: ReadonlySet<string> = new Set(['to', 'toDigits', 'text']);
/** An origin in full: no place in it, and no name or password before the host. */
const origin = /^https?:\/\/[^/?#\\@\s]+[/?]/i;
const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** What HTTP writes by itself, and what would change who is spoken to. */
const ownHeaders = new Set(
  'connection content-length expect host keep-alive te trailer transfer-encoding upgrade'.split(' '),
);

/** Reads the file of `--sms`. Throws SMS_CONFIG_INVALID. */
export async function readGatewayConfig(path: string, env: NodeJS.ProcessEnv): Promise<GatewayConfig> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new ServerError('SMS_CONFIG_INVALID', 'The file of --sms cannot be read', { cause });
  }
  return parseGatewayConfig(bytes, env);
}

/** The configuration of a gateway, in JSON, UTF-8. Throws SMS_CONFIG_INVALID, naming the field and never its content. */
export function parseGatewayConfig(bytes: Uint8Array, env: NodeJS.ProcessEnv): GatewayConfig {
  if (bytes.length > maxFileBytes) throw invalid('', `The file is larger than ${maxFileBytes} bytes`);
  const names = 'method url headers basicAuth body from success timeoutMs'.split(' ');
  const fields = fieldsOf(parseJson(bytes), '', names);
  const places = new Places(fields.from, env);
  const { method = 'POST', headers: givenHeaders = {} } = fields;
  if (method !== 'GET' && method !== 'POST') throw invalid('method', 'The method is GET or POST');
  const url = urlOf(fields.url, places);
  const headers = [...headersOf(givenHeaders, places), ...basicAuthOf(fields.basicAuth, places)];
  const written = headers.map(([name]) => name);
  const twice = written.find((name, index) => written.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`headers.${twice}`, 'A header is given twice');
  const body = bodyOf(fields.body, headers, places);
  if ((body === null) === (method === 'POST')) throw invalid('body', 'A POST has a body, and a GET has none');
  if (!places.used.has('text')) throw invalid('', 'Nothing says where {{text}} stands');
  if (!(places.used.has('to') || places.used.has('toDigits')))
    throw invalid('', 'Nothing says where {{to}} or {{toDigits}} stands');
  const isBare = body?.kind === 'json' && !written.includes('content-type');
  return {
    method,
    url,
    headers: isBare ? [...headers, ['content-type', { literals: ['application/json'], names: [] }]] : headers,
    body,
    fixed: places.fixed,
    success: successOf(fields.success),
    timeoutMs: timeoutOf(fields.timeoutMs),
  };
}

/** Takes templates apart, and keeps the values that they ask for and that are known at the start. */
class Places {
  readonly fixed = new Map<string, string>();
  readonly used = new Set<string>();
  readonly #from: unknown;
  readonly #env: NodeJS.ProcessEnv;

  constructor(from: unknown, env: NodeJS.ProcessEnv) {
    const isText = typeof from === 'string' && from !== '' && !/[\p{Cc}{}]/u.test(from);
    if (!(from === undefined || isText)) throw invalid('from', 'The sender is a text of one line');
    this.#from = from;
    this.#env = env;
  }

  parse(value: unknown, field: string, refused: readonly string[] = []): Template {
    const template = typeof value === 'string' ? parseTemplate(value) : null;
    if (template === null) throw invalid(field, 'A text is expected, with {{…}} around the names of places alone');
    for (const name of template.names) {
      if (refused.includes(name)) throw invalid(field, `{{${name}}} cannot stand here`);
      if (!perMessage.has(name)) this.fixed.set(name, this.#fixedValue(name, field));
      this.used.add(name);
    }
    return template;
  }

  #fixedValue(name: string, field: string): string {
    if (name === 'from') {
      if (typeof this.#from === 'string') return this.#from;
      throw invalid(field, '{{from}} stands here, and the sender is not given: "from"');
    }
    const variable = /^env:([A-Za-z_][A-Za-z0-9_]{0,63})$/.exec(name)?.[1];
    if (variable === undefined)
      throw invalid(field, 'Only {{to}}, {{toDigits}}, {{text}}, {{from}} and {{env:NAME}} can stand here');
    const value = this.#env[variable];
    if (value === undefined || value === '') throw invalid(field, `The environment has no ${variable}`);
    if (/\p{Cc}/u.test(value)) throw invalid(field, `${variable} holds an end of line, or another control character`);
    return value;
  }
}

function urlOf(value: unknown, places: Places): Template {
  const template = places.parse(value, 'url');
  const [first = ''] = template.literals;
  const sample = template.literals.join('x');
  const isAddress = origin.test(first) && /^[!-~]*$/.test(sample) && !sample.includes('#') && URL.canParse(sample);
  if (!isAddress) throw invalid('url', 'The url is an address whose host is written in full, then / or ?');
  if (!isSecureUrl(new URL(sample), true)) throw invalid('url', 'Off this machine, the gateway is spoken to by https');
  const beforeText = template.literals.slice(0, template.names.indexOf('text') + 1).join('');
  // In a path, a text of dots would climb to another folder.
  if (template.names.includes('text') && !beforeText.includes('?'))
    throw invalid('url', '{{text}} stands after the ? alone');
  return template;
}

function headersOf(value: unknown, places: Places): (readonly [string, Template])[] {
  return Object.entries(fieldsOf(value, 'headers', null)).map(([given, content]) => {
    const name = given.toLowerCase();
    if (!headerName.test(name) || ownHeaders.has(name) || name.startsWith('proxy-'))
      throw invalid('headers', 'A header has a name that cannot be set');
    const field = `headers.${name}`;
    const template = places.parse(content, field, ['text']);
    const written = [...template.literals, ...template.names.map((place) => places.fixed.get(place) ?? '')];
    if (written.some((text) => !/^[ -~]*$/.test(text))) throw invalid(field, 'A header holds ASCII of one line alone');
    return [name, template] as const;
  });
}

/** User and password of RFC 7617, in UTF-8. */
function basicAuthOf(value: unknown, places: Places): (readonly [string, Template])[] {
  if (value === undefined) return [];
  const fields = fieldsOf(value, 'basicAuth', ['user', 'password']);
  const filled = ['user', 'password'].map((name) => {
    const { literals, names } = places.parse(fields[name], `basicAuth.${name}`, [...perMessage, 'from']);
    return literals.map((literal, index) => literal + (places.fixed.get(names[index] ?? '') ?? '')).join('');
  });
  if (filled[0]?.includes(':')) throw invalid('basicAuth.user', 'The user holds a colon');
  const credentials = Buffer.from(filled.join(':'), 'utf8').toString('base64');
  return [['authorization', { literals: [`Basic ${credentials}`], names: [] }]];
}

function bodyOf(value: unknown, headers: GatewayConfig['headers'], places: Places): GatewayBody | null {
  if (value === undefined) return null;
  const given = headers.find(([name]) => name === 'content-type')?.[1].literals.join('') ?? '';
  const type = /^([a-z0-9.+/-]+)(?:; *charset="?utf-8"?)?$/i.exec(given)?.[1]?.toLowerCase();
  const isJson = type === 'application/json' || (given === '' && typeof value === 'object');
  if (isJson) return jsonBodyOf(value, places);
  if (type !== 'application/x-www-form-urlencoded')
    throw invalid(
      'headers.content-type',
      'A body is of application/x-www-form-urlencoded or application/json, in UTF-8',
    );
  const template = places.parse(value, 'body');
  if (template.literals.some((literal) => !/^[!-~]*$/.test(literal)))
    throw invalid('body', 'A form is name=value&name=value, already encoded');
  return { kind: 'form', template };
}

function jsonBodyOf(value: unknown, places: Places): GatewayBody {
  const parsed: unknown = typeof value === 'string' ? parseJson(new TextEncoder().encode(value), 'body') : value;
  try {
    JSON.stringify(parsed, (key, item: unknown) => {
      if (key.includes('{{')) throw invalid('body', 'A place stands in a value, not in a name');
      if (typeof item === 'string') places.parse(item, 'body');
      return item;
    });
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid('body', 'The body is too deep');
    throw cause;
  }
  return { kind: 'json', value: parsed };
}

function successOf(value: unknown = {}): GatewayConfig['success'] {
  const { status = [200, 299], bodyMatches } = fieldsOf(value, 'success', ['status', 'bodyMatches']);
  const [min, max, ...more] = Array.isArray(status) ? status : [];
  const isRange = [min, max].every((bound) => Number.isInteger(bound) && bound >= 200 && bound <= 299);
  // A redirection is never followed, and so is never a success.
  if (!isRange || min > max || more.length > 0) throw invalid('success.status', 'Two statuses from 200 to 299');
  return { status: [min, max], bodyMatches: bodyMatches === undefined ? null : expressionOf(bodyMatches) };
}

function expressionOf(value: unknown): RegExp {
  try {
    if (typeof value === 'string' && value !== '' && value.length <= 200) return new RegExp(value, 'u');
  } catch {
    // Said below.
  }
  throw invalid('success.bodyMatches', 'A regular expression of at most 200 characters');
}

function timeoutOf(timeoutMs: unknown = 10_000): number {
  if (typeof timeoutMs === 'number' && Number.isInteger(timeoutMs) && timeoutMs >= 1000 && timeoutMs <= 60_000)
    return timeoutMs;
  throw invalid('timeoutMs', 'Milliseconds from 1000 to 60000');
}

function parseJson(bytes: Uint8Array, field = ''): unknown {
  try {
    // A byte order mark is taken off; bytes that are not UTF-8 are refused.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Without its cause: the parser quotes the text around the fault, which may be a password.
    throw invalid(field, 'JSON in UTF-8 is expected');
  }
}

/** Members of an object; `known` is null where any name is taken. */
function fieldsOf(value: unknown, field: string, known: readonly string[] | null): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(field, 'An object is expected');
  const fields = Object.fromEntries(Object.entries(value));
  if (known !== null && Object.keys(fields).some((name) => !known.includes(name)))
    throw invalid(field, `Only ${known.join(', ')} can be given`);
  return fields;
}

function invalid(field: string, message: string): ServerError {
  return new ServerError('SMS_CONFIG_INVALID', message, {
    fields: { field },
    hint: 'The file of --sms is described in docs/security/sms.md.',
  });
}
