import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { AlertMessage } from '../../src/alerts/message.ts';
import { gsmText } from '../../src/alerts/text-message.ts';
import { webhookChannel } from '../../src/alerts/webhook.ts';
import { httpAnswer, type RawServer, startRawServer } from '../sms/raw-server.ts';
import { makeSite } from './smtp.ts';

const secret = 'un secret de plus de vingt-quatre caractères';
const message: AlertMessage = {
  ...{ id: 'b'.repeat(32), time: 1_900_000_000_999, subject: '', text: '', short: '' },
  json: '{"type":"serment.alerts","what":"La copie « nuage » n’est plus écrite."}',
};
const open: RawServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(answer: string | ((socket: Socket) => void)): Promise<RawServer> {
  const server = await startRawServer(typeof answer === 'string' ? (socket) => socket.end(answer) : answer);
  open.push(server);
  return server;
}

const channel = (url: string, timeoutMs = 5000) =>
  webhookChannel({ kind: 'webhook', name: 'supervision', perHour: 60, url: new URL(url), secret, timeoutMs });

async function refusalOf(sent: Promise<string>): Promise<unknown> {
  try {
    return await sent;
  } catch (error) {
    assert.ok(error instanceof Error && 'fields' in error, String(error));
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes('hostile'), 'tells what the server wrote');
    return (error.fields as Record<string, unknown>).reason;
  }
}

describe('alerts by webhook', () => {
  it('are one POST that is signed over its id, its time and its body', async () => {
    const server = await serve(httpAnswer('204 No Content'));
    assert.equal(await channel(`${server.url}/crochet?x=1`).send(message), '204');
    const [request = ''] = server.requests;
    const [head = '', body] = request.split('\r\n\r\n');
    assert.match(head, /^POST \/crochet\?x=1 HTTP\/1\.1\r\n/);
    assert.equal(body, message.json);
    const of = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
    assert.equal(of('webhook-id'), message.id);
    assert.equal(of('webhook-timestamp'), '1900000000');
    const expected = createHmac('sha256', secret).update(`${message.id}.1900000000.${body}`).digest('base64');
    assert.equal(of('webhook-signature'), `v1,${expected}`);
    assert.ok(!request.includes(secret));
  });

  it('tell what was answered in one short line of ASCII', async () => {
    const server = await serve(httpAnswer('200 OK', `ok\r\n\u001b[31m\u202e${'x'.repeat(500)}`));
    const answer = await channel(server.url).send(message);
    assert.match(answer, /^200 ok [ -~]{0,120}$/);
    assert.ok(answer.length <= 120);
  });

  it('are not taken by a refusal, a redirection, an endless answer, silence, or no server', async () => {
    for (const [status, reason] of [
      ['403 Forbidden', 'credentials'],
      ['500 hostile', 'refused'],
    ] as const)
      assert.equal(await refusalOf(channel((await serve(httpAnswer(status, 'hostile'))).url).send(message)), reason);
    const target = await serve(httpAnswer('204 No Content'));
    const moved = await serve(httpAnswer('307 Temporary Redirect', '', [`Location: ${target.url}/`]));
    assert.equal(await refusalOf(channel(moved.url).send(message)), 'refused');
    assert.deepEqual(target.requests, []);
    const silent = await serve(() => undefined);
    assert.equal(await refusalOf(channel(silent.url, 300).send(message)), 'timeout');
    const drips = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    assert.equal(await refusalOf(channel(drips.url, 300).send(message)), 'timeout');
    const garbage = await serve('hostile\r\n\r\n');
    assert.equal(await refusalOf(channel(garbage.url).send(message)), 'answer');
    const gone = await serve('');
    await open.pop()?.close();
    assert.equal(await refusalOf(channel(gone.url).send(message)), 'unreachable');
  });

  it('read no more than 64 KiB of an answer that does not end', async () => {
    const endless = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write('y'.repeat(65_536)));
      };
      socket.on('drain', more);
      more();
    });
    assert.equal(await channel(endless.url).send(message), '200');
  });

  it('do not go to a server that nobody vouches for', async () => {
    const server = createServer(await makeSite(), (_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    assert.equal(await refusalOf(channel(`https://localhost:${port}/`).send(message)), 'insecure');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the text for a telephone', () => {
  it('is of the alphabet of GSM, in two parts at most', () => {
    assert.equal(
      gsmText('Serment: La copie « nuage » n’est plus écrite. Vérifiez ça, à Noël, œuvre 🎉'),
      'Serment: La copie "nuage" n\'est plus écrite. Vérifiez ca, à Noel, ?uvre ?',
    );
    const long = gsmText('é'.repeat(1000));
    assert.equal(long.length, 306);
    assert.ok(long.endsWith('...'));
  });
});
