import { type ConfigObject, parseConfig, readConfig } from '@serment/store/config-file';
import { isSecureUrl } from '@serment/store/loopback';
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

const kind = { option: '--sms', page: 'docs/security/sms.md' } as const;
const members = ['method', 'url', 'headers', 'basicAuth', 'body', 'from', 'success', 'timeoutMs'];
const perMessage: ReadonlySet<string> = new Set(['to', 'toDigits', 'text']);
/** An origin in full: no place in it, and no name or password before the host. */
const origin = /^https?:\/\/[^/?#\\@\s]+[/?]/i;
const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** What HTTP writes by itself, and what would change who is spoken to. */
const ownHeaders = new Set(
  'connection content-length expect host keep-alive te trailer transfer-encoding upgrade'.split(' '),
);

/** Reads the file of `--sms`. Throws USAGE. */
export async function readGatewayConfig(path: string, env: NodeJS.ProcessEnv): Promise<GatewayConfig> {
  return gatewayOf(await readConfig(path, kind, members), env);
}

/** The configuration of a gateway, in JSON, UTF-8. Throws USAGE, naming the field and never its content. */
export function parseGatewayConfig(bytes: Uint8Array, env: NodeJS.ProcessEnv): GatewayConfig {
  return gatewayOf(parseConfig(bytes, kind, members), env);
}

function gatewayOf(given: ConfigObject, env: NodeJS.ProcessEnv): GatewayConfig {
  const places = new Places(given, env);
  const method = given.choice('method', ['POST', 'GET']);
  const url = urlOf(given, places);
  const headers = [...headersOf(given, places), ...basicAuthOf(given, places)];
  const written = headers.map(([name]) => name);
  const twice = written.find((name, index) => written.indexOf(name) !== index);
  if (twice !== undefined) throw given.wrong(`headers.${twice}`, 'this header is given twice');
  const body = bodyOf(given, headers, places);
  if ((body === null) === (method === 'POST')) throw given.wrong('body', 'a POST has a body, and a GET has none');
  if (!places.used.has('text')) throw given.wrong('', 'nothing says where {{text}} stands');
  if (!(places.used.has('to') || places.used.has('toDigits')))
    throw given.wrong('', 'nothing says where {{to}} or {{toDigits}} stands');
  const isBare = body?.kind === 'json' && !written.includes('content-type');
  return {
    method,
    url,
    headers: isBare ? [...headers, ['content-type', { literals: ['application/json'], names: [] }]] : headers,
    body,
    fixed: places.fixed,
    success: successOf(given.object('success', ['status', 'bodyMatches'])),
    timeoutMs: given.integer('timeoutMs', { min: 1000, max: 60_000, absent: 10_000 }),
  };
}

/** Takes templates apart, and keeps the values that they ask for and that are known at the start. */
class Places {
  readonly fixed = new Map<string, string>();
  readonly used = new Set<string>();
  readonly #given: ConfigObject;
  readonly #from: unknown;
  readonly #env: NodeJS.ProcessEnv;

  constructor(given: ConfigObject, env: NodeJS.ProcessEnv) {
    const from = given.value('from');
    const isText = typeof from === 'string' && from !== '' && !/[\p{Cc}{}]/u.test(from);
    if (!(from === undefined || isText)) throw given.wrong('from', 'the sender is a text of one line');
    this.#given = given;
    this.#from = from;
    this.#env = env;
  }

  parse(value: unknown, field: string, refused: readonly string[] = []): Template {
    const template = typeof value === 'string' ? parseTemplate(value) : null;
    if (template === null) throw this.#given.wrong(field, 'it is a text, with {{…}} around the names of places alone');
    for (const name of template.names) {
      if (refused.includes(name)) throw this.#given.wrong(field, `{{${name}}} cannot stand here`);
      if (!perMessage.has(name)) this.fixed.set(name, this.#fixedValue(name, field));
      this.used.add(name);
    }
    return template;
  }

  #fixedValue(name: string, field: string): string {
    if (name === 'from') {
      if (typeof this.#from === 'string') return this.#from;
      throw this.#given.wrong(field, '{{from}} stands here, and the sender is not given: "from"');
    }
    const variable = /^env:([A-Za-z_][A-Za-z0-9_]{0,63})$/.exec(name)?.[1];
    if (variable === undefined)
      throw this.#given.wrong(field, 'only {{to}}, {{toDigits}}, {{text}}, {{from}} and {{env:NAME}} can stand here');
    const value = this.#env[variable];
    if (value === undefined || value === '') throw this.#given.wrong(field, `the environment has no ${variable}`);
    if (/\p{Cc}/u.test(value))
      throw this.#given.wrong(field, `${variable} holds an end of line, or another control character`);
    return value;
  }
}

function urlOf(given: ConfigObject, places: Places): Template {
  const template = places.parse(given.value('url'), 'url');
  const [first = ''] = template.literals;
  const sample = template.literals.join('x');
  const isAddress = origin.test(first) && /^[!-~]*$/.test(sample) && !sample.includes('#') && URL.canParse(sample);
  if (!isAddress) throw given.wrong('url', 'it is an address whose host is written in full, then / or ?');
  if (!isSecureUrl(new URL(sample), true)) throw given.wrong('url', 'off loopback it begins with https://');
  const beforeText = template.literals.slice(0, template.names.indexOf('text') + 1).join('');
  // In a path, a text of dots would climb to another folder.
  if (template.names.includes('text') && !beforeText.includes('?'))
    throw given.wrong('url', '{{text}} stands after the ? alone');
  return template;
}

function headersOf(given: ConfigObject, places: Places): (readonly [string, Template])[] {
  const headers = given.object('headers', null);
  return headers.names().map((spelt) => {
    const name = spelt.toLowerCase();
    if (!headerName.test(name) || ownHeaders.has(name) || name.startsWith('proxy-'))
      throw headers.wrong('', 'one has a name that cannot be set');
    const template = places.parse(headers.value(spelt), `headers.${name}`, ['text']);
    const written = [...template.literals, ...template.names.map((place) => places.fixed.get(place) ?? '')];
    if (written.some((text) => !/^[ -~]*$/.test(text)))
      throw headers.wrong(name, 'a header holds ASCII of one line alone');
    return [name, template] as const;
  });
}

/** User and password of RFC 7617, in UTF-8. */
function basicAuthOf(given: ConfigObject, places: Places): (readonly [string, Template])[] {
  if (!given.has('basicAuth')) return [];
  const pair = given.object('basicAuth', ['user', 'password']);
  const filled = ['user', 'password'].map((name) => {
    const { literals, names } = places.parse(pair.value(name), `basicAuth.${name}`, [...perMessage, 'from']);
    return literals.map((literal, index) => literal + (places.fixed.get(names[index] ?? '') ?? '')).join('');
  });
  if (filled[0]?.includes(':')) throw pair.wrong('user', 'it holds a colon');
  const credentials = Buffer.from(filled.join(':'), 'utf8').toString('base64');
  return [['authorization', { literals: [`Basic ${credentials}`], names: [] }]];
}

function bodyOf(given: ConfigObject, headers: GatewayConfig['headers'], places: Places): GatewayBody | null {
  if (!given.has('body')) return null;
  const value = given.value('body');
  const header = headers.find(([name]) => name === 'content-type')?.[1].literals.join('') ?? '';
  const type = /^([a-z0-9.+/-]+)(?:; *charset="?utf-8"?)?$/i.exec(header)?.[1]?.toLowerCase();
  const isJson = type === 'application/json' || (header === '' && typeof value === 'object');
  if (isJson) return jsonBodyOf(given, places);
  const expected = 'a body is of application/x-www-form-urlencoded or application/json, in UTF-8';
  if (type !== 'application/x-www-form-urlencoded') throw given.wrong('headers.content-type', expected);
  const template = places.parse(value, 'body');
  if (template.literals.some((literal) => !/^[!-~]*$/.test(literal)))
    throw given.wrong('body', 'a form is name=value&name=value, already encoded');
  return { kind: 'form', template };
}

function jsonBodyOf(given: ConfigObject, places: Places): GatewayBody {
  const body = given.value('body');
  const value = typeof body === 'string' ? given.json('body', body) : body;
  try {
    JSON.stringify(value, (key, item: unknown) => {
      if (key.includes('{{')) throw given.wrong('body', 'a place stands in a value, not in a name');
      if (typeof item === 'string') places.parse(item, 'body');
      return item;
    });
  } catch (cause) {
    if (cause instanceof RangeError) throw given.wrong('body', 'it is too deep');
    throw cause;
  }
  return { kind: 'json', value };
}

function successOf(given: ConfigObject): GatewayConfig['success'] {
  const status = given.has('status') ? given.value('status') : [200, 299];
  const [min, max, ...more] = Array.isArray(status) ? status : [];
  const isRange = [min, max].every((bound) => Number.isInteger(bound) && bound >= 200 && bound <= 299);
  // A redirection is never followed, and so is never a success.
  if (!isRange || min > max || more.length > 0) throw given.wrong('status', 'it is two statuses from 200 to 299');
  return { status: [min, max], bodyMatches: given.has('bodyMatches') ? expressionOf(given) : null };
}

function expressionOf(given: ConfigObject): RegExp {
  const value = given.value('bodyMatches');
  try {
    if (typeof value === 'string' && value !== '' && value.length <= 200) return new RegExp(value, 'u');
  } catch {
    // Said below.
  }
  throw given.wrong('bodyMatches', 'it is a regular expression of at most 200 characters');
}
