/**
 * The cookie that tells which browser left for the provider: it holds 64 hexadecimal digits, opens nothing, and lasts
 * five minutes. Under https no other name of the domain can set it (`__Host-`). On loopback, where a cookie goes to
 * every port, it binds as far as that allows.
 */
export class BrowserCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor(isHttps: boolean) {
    this.#name = isHttps ? '__Host-serment-psc' : 'serment-psc';
    // Lax: the provider's answer is a navigation from another site.
    this.#attributes = `HttpOnly; SameSite=Lax; ${isHttps ? 'Path=/; Secure' : 'Path=/api/identity/psc'}`;
  }

  /** The header that sets it. */
  holding(value: string): string {
    return `${this.#name}=${value}; Max-Age=300; ${this.#attributes}`;
  }

  /** The header that removes it. */
  cleared(): string {
    return `${this.#name}=; Max-Age=0; ${this.#attributes}`;
  }

  /** What it holds, from the request's header; null when it is absent or there twice. */
  read(header = ''): string | null {
    const prefix = `${this.#name}=`;
    const [own, ...rest] = header.split(/; */).filter((pair) => pair.startsWith(prefix));
    return own === undefined || rest.length > 0 ? null : own.slice(prefix.length);
  }
}
