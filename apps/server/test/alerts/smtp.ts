import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as asn1js from 'asn1js';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { keyPem, pemOf } from '../cps/cps-folder.ts';
import { extension, field, issue, oids } from '../cps/test-authority.ts';

export interface TestMailServer {
  readonly port: number;
  /** Each message as it came, and whether TLS carried it. */
  readonly mails: { readonly text: string; readonly to: readonly string[]; readonly isSecure: boolean }[];
  close(): Promise<void>;
}

/** A mail server on loopback. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<TestMailServer> {
  const mails: TestMailServer['mails'] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disableReverseLookup: true, closeTimeout: 100, logger: false },
    async onData(stream, session, done) {
      const text = (await buffer(stream)).toString('utf8');
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ text, to, isSecure: session.secure });
      done(null, 'kept');
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { port, mails, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A certificate for localhost that nobody vouches for but itself, and its key, in PEM. */
export async function makeSite(notAfter = Date.now() + 86_400_000): Promise<{ cert: string; key: string }> {
  const dns = new asn1js.Primitive({
    idBlock: { tagClass: 3, tagNumber: 2 },
    valueHex: new Uint8Array(Buffer.from('localhost')),
  });
  const site = await issue({
    subject: [field(oids.cn, 'localhost')],
    ...{ usage: 0x80, purposes: ['1.3.6.1.5.5.7.3.1'] },
    more: [extension('2.5.29.17', new asn1js.Sequence({ value: [dns] }))],
    ...{ notBefore: Date.now() - 86_400_000, notAfter },
  });
  return { cert: pemOf(site), key: await keyPem(site) };
}
