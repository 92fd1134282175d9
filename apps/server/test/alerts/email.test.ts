import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import type { EmailConfig } from '../../src/alerts/alert-config.ts';
import { emailChannel } from '../../src/alerts/email.ts';
import type { AlertMessage } from '../../src/alerts/message.ts';
import { makeSite, startMailServer, type TestMailServer } from './smtp.ts';

const message: AlertMessage = {
  ...{ id: 'a'.repeat(32), time: 1_900_000_000_000, short: '', json: '' },
  subject: 'Serment : La copie « nuage » n’est plus écrite (COPY_UNREACHABLE).',
  text: 'Nouveau. La copie « nuage » n’est plus écrite.\n\n.\nÀ faire : …\n',
};
let site: { cert: string; key: string };
const open: { close(): Promise<unknown> }[] = [];
before(async () => {
  site = await makeSite();
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
after(() => assert.equal(open.length, 0));

function channel(port: number, smtp: Partial<EmailConfig['smtp']> = {}, more: Partial<EmailConfig> = {}) {
  return emailChannel({
    ...{ kind: 'email', name: 'astreinte', perHour: 12, to: 'astreinte@example.org', from: 'serment@example.org' },
    smtp: { host: 'localhost', port, security: 'none', login: null, ca: null, timeoutMs: 5000, ...smtp },
    ...more,
  });
}

async function serve(options: Parameters<typeof startMailServer>[0] = {}): Promise<TestMailServer> {
  const server = await startMailServer(options);
  open.push(server);
  return server;
}

/** A server that says what it is told, mail or not. */
async function serveRaw(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** How it was refused: the reason, and nothing of what the server wrote. */
async function refusalOf(sent: Promise<string>): Promise<unknown[]> {
  try {
    return [await sent];
  } catch (error) {
    assert.ok(error instanceof Error && 'fields' in error, String(error));
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes('hostile'), 'tells what the server wrote');
    const { reason, error: code, status } = error.fields as Record<string, unknown>;
    return [reason, code ?? null, status ?? null];
  }
}

describe('alerts by mail', () => {
  it('go over STARTTLS with a login to a server whose certificate is known, whole', async () => {
    const server = await serve({
      ...{ ...site, authOptional: false },
      onAuth: ({ username, password }, _session, done) =>
        username === 'serment' && password === 'mot de passe'
          ? done(null, { user: 'serment' })
          : done(new Error('hostile')),
    });
    const login = { user: 'serment', password: 'mot de passe' };
    const secure = { security: 'starttls', login, ca: site.cert } as const;
    assert.match(await channel(server.port, secure).send(message), /^250 .*kept/);
    const [mail] = server.mails;
    assert.equal(mail?.isSecure, true);
    assert.deepEqual(mail?.to, ['astreinte@example.org']);
    const text = mail?.text ?? '';
    assert.match(text, /^Message-ID: <a{32}@example\.org>\r$/im);
    assert.match(text, /^Auto-Submitted: auto-generated\r$/m);
    assert.match(text, /^Subject: =\?UTF-8\?/m);
    const body = Buffer.from(text.split('\r\n\r\n').slice(1).join('').replaceAll(/=\r\n/g, ''), 'latin1').toString();
    assert.match(body, /copie =C2=AB nuage =C2=BB|copie « nuage »/);
    const wrong = { ...secure, login: { user: 'serment', password: 'autre' } };
    assert.equal((await refusalOf(channel(server.port, wrong).send(message)))[0], 'credentials');
  });

  it('go over TLS from the first byte where it is so set', async () => {
    const server = await serve({ ...site, secure: true });
    assert.match(await channel(server.port, { security: 'tls', ca: site.cert }).send(message), /^250/);
    assert.equal(server.mails[0]?.isSecure, true);
  });

  it('do not go to a server that shows another certificate, or offers no TLS', async () => {
    const server = await serve(site);
    for (const [ca, security] of [
      [null, 'starttls'],
      [(await makeSite()).cert, 'starttls'],
    ] as const)
      assert.equal((await refusalOf(channel(server.port, { security, ca }).send(message)))[0], 'insecure');
    const plain = await serve({ disabledCommands: ['STARTTLS'] });
    const refusal = await refusalOf(channel(plain.port, { security: 'starttls', ca: site.cert }).send(message));
    assert.equal(refusal[0], 'insecure');
    assert.deepEqual([server.mails, plain.mails], [[], []]);
  });

  it('tell a refusal of the address, and of the message', async () => {
    const refuse = (code: number) => Object.assign(new Error('hostile\r\nwords'), { responseCode: code });
    const address = await serve({ onRcptTo: (_address, _session, done) => done(refuse(550)) });
    assert.deepEqual(await refusalOf(channel(address.port).send(message)), ['refused', 'EENVELOPE', 550]);
    const content = await serve({
      onData: (stream, _session, done) => stream.resume().on('end', () => done(refuse(554))),
    });
    assert.deepEqual(await refusalOf(channel(content.port).send(message)), ['refused', 'EMESSAGE', 554]);
  });

  it('give up a server that is not there, says nothing, drips, never ends, or speaks no SMTP', async () => {
    const gone = await serveRaw(() => undefined);
    await open.pop()?.close();
    assert.deepEqual((await refusalOf(channel(gone).send(message)))[0], 'unreachable');
    const silent = await serveRaw(() => undefined);
    assert.equal((await refusalOf(channel(silent, { timeoutMs: 300 }).send(message)))[0], 'timeout');
    const drips = await serveRaw((socket) => {
      const timer = setInterval(() => socket.write('2'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    const startedAt = Date.now();
    assert.equal((await refusalOf(channel(drips, { timeoutMs: 500 }).send(message)))[0], 'timeout');
    assert.ok(Date.now() - startedAt < 3000);
    const endless = await serveRaw((socket) => {
      const line = 'hostile '.repeat(8192);
      const more = () => {
        while (!socket.destroyed && socket.write(line));
      };
      socket.on('drain', more);
      more();
    });
    const held = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    assert.equal((await refusalOf(channel(endless).send(message)))[0], 'answer');
    assert.ok(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - held < 64_000_000);
    const web = await serveRaw((socket) => socket.end('HTTP/1.1 400 hostile\r\n\r\n'));
    assert.match(String((await refusalOf(channel(web).send(message)))[0]), /^(?:answer|unreachable|refused)$/);
  });

  it('carry no header that a text smuggles in', async () => {
    const server = await serve();
    const smuggled = { ...message, subject: 'Serment\r\nBcc: tous@example.org\r\n\r\nhostile' };
    await channel(server.port).send(smuggled);
    const [mail] = server.mails;
    assert.deepEqual(mail?.to, ['astreinte@example.org']);
    const head = (mail?.text ?? '').split('\r\n\r\n')[0] ?? '';
    assert.doesNotMatch(head, /^bcc:/im);
  });
});
