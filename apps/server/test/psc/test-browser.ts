interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

const maxSteps = 20;

/** As much of a browser as a sign-in needs: cookies by host and path, redirects, and forms that submit themselves. */
export class TestBrowser {
  readonly #cookies = new Map<string, Cookie[]>();
  /** Sent with the next navigation, as browsers do of themselves. */
  headers: Record<string, string> = {};
  /** Every `set-cookie` received from an address that holds this text. */
  readonly received: { readonly from: string; readonly header: string }[] = [];

  /** Navigates until a page comes or `stop` holds of an address, which is then not visited; answers with the address. */
  async open(address: string, stop: (url: URL) => boolean = () => false): Promise<URL> {
    let url = new URL(address);
    let form: URLSearchParams | null = null;
    for (let steps = 0; steps < maxSteps; steps += 1) {
      const response: Response = await fetch(url, {
        method: form === null ? 'GET' : 'POST',
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: this.#sent(url), ...this.headers },
        body: form,
      });
      this.#keep(url, response.headers.getSetCookie());
      const text = await response.text();
      const location = response.headers.get('location');
      if (location !== null) {
        form = null;
        url = new URL(location, url);
      } else {
        const submitted = /<form[^>]*action="([^"]+)"/.exec(text)?.[1];
        if (submitted === undefined) return this.#arrived(url, response.status, text);
        url = new URL(submitted, url);
        form = new URLSearchParams(
          [...text.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name = '', value = '']) => [
            name,
            value,
          ]),
        );
      }
      if (stop(url)) return url;
    }
    throw new Error('The browser is sent round and round');
  }

  /** The cookies it would send there. */
  sentTo(address: string): string {
    return this.#sent(new URL(address));
  }

  #arrived(url: URL, status: number, text: string): URL {
    if (status >= 500) throw new Error(`${url.pathname} answered ${status}: ${text.slice(0, 300)}`);
    return url;
  }

  #sent({ hostname, pathname }: URL): string {
    const own = (this.#cookies.get(hostname) ?? []).filter(({ path }) => pathname.startsWith(path));
    return own.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  #keep({ hostname, pathname, origin }: URL, headers: readonly string[]): void {
    for (const header of headers) {
      this.received.push({ from: `${origin}${pathname}`, header });
      const [pair = '', ...attributes] = header.split(/; */);
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      const isOver = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=.*1970/i.test(one));
      const others = (this.#cookies.get(hostname) ?? []).filter((one) => one.name !== name || one.path !== path);
      this.#cookies.set(hostname, isOver ? others : [...others, { name, value: pair.slice(at + 1), path }]);
    }
  }
}
