import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { Observation } from '@serment/store/alerts/alert';

/** A certificate that browsers are shown: by this process, or by what stands in front of it. */
export interface ServedCertificate {
  readonly subject: 'server' | 'cps';
  /** In PEM, with those above it; null for one that must be asked for. */
  readonly cert: string | null;
  readonly url: URL;
}

const pem = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;
const askEveryMs = 3_600_000;
const answerMs = 10_000;

/** How soon certificates end. What a proxy presents is asked for over the network, once an hour. */
export class CertificateWatch {
  readonly #served: readonly ServedCertificate[];
  readonly #boundMs: number;
  readonly #asked = new Map<string, { at: number; endsAt: number | null }>();

  constructor(served: readonly ServedCertificate[], boundMs: number) {
    this.#served = served;
    this.#boundMs = boundMs;
  }

  async look(now: number): Promise<Observation[]> {
    const found: Observation[] = [];
    for (const { subject, cert, url } of this.#served) {
      const at = cert === null ? await this.#ask(url, now) : endOf(cert);
      if (at === null || at - now >= this.#boundMs) continue;
      found.push({
        cause: 'certificate-ends',
        subject,
        practices: [],
        since: at - this.#boundMs,
        code: null,
        at,
        entry: null,
      });
    }
    return found;
  }

  async #ask(url: URL, now: number): Promise<number | null> {
    const known = this.#asked.get(url.href);
    if (known !== undefined && now - known.at < askEveryMs) return known.endsAt;
    // What did not answer this time says nothing of its certificate.
    const endsAt = (await presentedEnd(url)) ?? known?.endsAt ?? null;
    this.#asked.set(url.href, { at: now, endsAt });
    return endsAt;
  }
}

/** When the first of these certificates ends, ms since 1970. */
function endOf(text: string): number {
  const ends = (text.match(pem) ?? []).map((one) => Date.parse(new X509Certificate(one).validTo));
  return Math.min(...ends);
}

/** When the certificate that is presented at an address ends; null where nothing presents one in time. */
export function presentedEnd({ hostname, port }: URL): Promise<number | null> {
  return new Promise((resolve) => {
    // Looked at and not relied on: one that has ended, too, is to be told.
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const socket = connect({ host, servername: host, port: Number(port || 443), rejectUnauthorized: false });
    const end = (endsAt: number | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(endsAt);
    };
    const timer = setTimeout(() => end(null), answerMs);
    socket.once('error', () => end(null));
    socket.once('close', () => end(null));
    socket.once('secureConnect', () => {
      const endsAt = Date.parse(socket.getPeerCertificate().valid_to);
      end(Number.isNaN(endsAt) ? null : endsAt);
    });
  });
}
