import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { ServerError } from '../../src/error.ts';
import { parseGatewayConfig } from '../../src/sms/gateway-config.ts';
import { createHttpGateway } from '../../src/sms/http-gateway.ts';
import { httpAnswer, type RawServer, startRawServer } from './raw-server.ts';
import { exampleConfig } from './sms-examples.ts';

const open: RawServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(answer: string | ((socket: Socket) => void), port = 0): Promise<RawServer> {
  const server = await startRawServer(typeof answer === 'string' ? (socket) => socket.end(answer) : answer, port);
  open.push(server);
  return server;
}

const to = '+33612345678';
const text = 'é à + & = % " \\ \' {{to}} <b> €🎉\n@a.fr #012345';
const percentText =
  '%C3%A9%20%C3%A0%20%2B%20%26%20%3D%20%25%20%22%20%5C%20%27%20%7B%7Bto%7D%7D%20%3Cb%3E%20%E2%82%AC%F0%9F%8E%89%0A%40a.fr%20%23012345';
const secret = 's3cr+t é&"'.replace('é', 'e');

const request = (...lines: string[]) => lines.join('\r\n');

describe('an example of the documentation', () => {
  it('for OVHcloud sends this, byte for byte', async () => {
    const server = await serve(
      httpAnswer(
        '200 OK',
        '{"totalCreditsRemoved":1,"invalidReceivers":[],"ids":[1],"validReceivers":["+33612345678"]}',
      ),
    );
    const env = { OVH_SMS_SERVICE: 'sms-ab12345-1', OVH_TOKEN: 'eyJ.a-b_c' };
    await createHttpGateway(exampleConfig('OVHcloud', server.url, env)).send({ to, text });
    const body =
      '{"receivers":["+33612345678"],"message":"é à + & = % \\" \\\\ \' {{to}} <b> €🎉\\n@a.fr #012345","sender":"Serment",' +
      '"charset":"UTF-8","coding":"7bit","priority":"high","noStopClause":true,"senderForResponse":false,"validityPeriod":10}';
    assert.deepEqual(server.requests, [
      request(
        'POST /v1/sms/sms-ab12345-1/jobs HTTP/1.1',
        'authorization: Bearer eyJ.a-b_c',
        'content-type: application/json',
        `Host: 127.0.0.1:${server.port}`,
        'Connection: close',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ),
    ]);
  });

  it('for OVHcloud believes no answer without a receiver', async () => {
    const server = await serve(
      httpAnswer('200 OK', '{"invalidReceivers":["+33612345678"],"ids":[],"validReceivers":[]}'),
    );
    const env = { OVH_SMS_SERVICE: 'sms-ab12345-1', OVH_TOKEN: 'x' };
    const sms = createHttpGateway(exampleConfig('OVHcloud', server.url, env));
    await assert.rejects(sms.send({ to, text }), { code: 'SMS_FAILED', fields: { reason: 'refused', status: 200 } });
  });

  it('for Twilio sends this, byte for byte', async () => {
    const server = await serve(httpAnswer('201 Created', '{"sid":"SM1"}'));
    const env = { TWILIO_ACCOUNT: 'AC1', TWILIO_KEY: 'SK1', TWILIO_SECRET: 'pässword:2' };
    await createHttpGateway(exampleConfig('Twilio', server.url, env)).send({ to, text });
    const body = `To=%2B33612345678&From=Serment&Body=${percentText}`;
    assert.deepEqual(server.requests, [
      request(
        'POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1',
        'content-type: application/x-www-form-urlencoded',
        // printf 'SK1:pässword:2' | base64
        'authorization: Basic U0sxOnDDpHNzd29yZDoy',
        `Host: 127.0.0.1:${server.port}`,
        'Connection: close',
        `Content-Length: ${body.length}`,
        '',
        body,
      ),
    ]);
    const parsed = new URLSearchParams(body);
    assert.deepEqual([parsed.get('To'), parsed.get('Body')], [to, text]);
  });

  it('for Kannel sends this, byte for byte', async () => {
    const server = await serve(httpAnswer('202 Accepted', '0: Accepted for delivery'));
    const env = { KANNEL_USER: 'serment', KANNEL_PASSWORD: secret };
    await createHttpGateway(exampleConfig('Kannel', server.url, env)).send({ to, text });
    assert.deepEqual(server.requests, [
      request(
        `GET /cgi-bin/sendsms?username=serment&password=s3cr%2Bt%20e%26%22&from=Serment&to=%2B33612345678&charset=UTF-8&coding=0&text=${percentText} HTTP/1.1`,
        `Host: 127.0.0.1:${server.port}`,
        'Connection: close',
        '',
        '',
      ),
    ]);
  });
});

/** A gateway that is given number, text and a secret in each place it can be, at this address. */
function gatewayAt(url: string, more: object = {}) {
  const config = {
    url: `${url}/send?key={{env:SECRET}}&to={{to}}`,
    headers: { 'x-key': '{{env:SECRET}}', 'x-to': '{{toDigits}}' },
    body: { text: '{{text}}', key: '{{env:SECRET}}', list: [1, null, true, { deep: 'a {{toDigits}} b' }] },
    timeoutMs: 1000,
    ...more,
  };
  return createHttpGateway(parseGatewayConfig(Buffer.from(JSON.stringify(config)), { SECRET: secret }));
}

/** The fields of the refusal, once nothing of the message is found in it or in what a log makes of it. */
async function failureOf(sending: Promise<void>): Promise<Readonly<Record<string, unknown>>> {
  const error = await sending.then(
    () => assert.fail('sent'),
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof ServerError && error.code === 'SMS_FAILED', String(error));
  const lines: string[] = [];
  pino({}, { write: (line) => lines.push(line) }).error({ err: error }, 'request failed');
  const told = `${lines.join('')}${error.stack}${JSON.stringify(error)}${String(error.cause)}`;
  for (const hidden of ['612345678', '012345', 's3cr', 'echo', '/send'])
    assert.ok(!told.includes(hidden), `tells ${hidden}: ${told}`);
  return error.fields;
}

/** Signed by itself for 127.0.0.1, for this test alone. */
const unknownServer = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1fbsvdLB0kSbOcRB
LxSGq7GnlR+fqDoGOowyKFaynyahRANCAARQJhh2N1xAE97eTTaQuOrB+XJls6Rv
5u9CXjf597h9v2wuOUwN5Tp2x4kgQEg2VdH4Gi+YuAb15t6js/vTbb1a
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIURBavAgDNF0wE99LSUdWzju2OvWQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyOTA3MTYwOFoYDzIxMjYxMTA1
MDcxNjA4WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARQJhh2N1xAE97eTTaQuOrB+XJls6Rv5u9CXjf597h9v2wuOUwN5Tp2
x4kgQEg2VdH4Gi+YuAb15t6js/vTbb1ao2QwYjAdBgNVHQ4EFgQUdENBavHuuG3O
T+Rfp2NLIVMystUwHwYDVR0jBBgwFoAUdENBavHuuG3OT+Rfp2NLIVMystUwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQCjQvArCHwMgHm/2TCVrurs9Xg/a9MYHbzPHeuYR6x9gAIhAIwDO+OawfmvYwuf
nTYuZ9xrod6zPw5fejTff7jlPYtf
-----END CERTIFICATE-----`,
};

const message = { to, text };
const echo = `echo ${to} ${text} ${secret}`;

describe('a gateway', () => {
  it('fills each text of a JSON body, and nothing else of it', async () => {
    const server = await serve(httpAnswer('200 OK'));
    await gatewayAt(server.url).send(message);
    const [, body = ''] = server.requests[0]?.split('\r\n\r\n') ?? [];
    assert.deepEqual(JSON.parse(body), {
      text,
      key: secret,
      list: [1, null, true, { deep: 'a 33612345678 b' }],
    });
    assert.match(server.requests[0] ?? '', /^POST \/send\?key=s3cr%2Bt%20e%26%22&to=%2B33612345678 HTTP\/1\.1\r\n/);
    assert.match(server.requests[0] ?? '', /\r\nx-key: s3cr\+t e&"\r\nx-to: 33612345678\r\n/);
  });

  it('that refuses is told so, once, whatever it answers', async () => {
    for (const status of ['400 Bad', '401 No', '404 Not Found', '429 Slow', '500 Broken', '503 Later']) {
      const server = await serve(httpAnswer(status, echo));
      const fields = await failureOf(gatewayAt(server.url).send(message));
      assert.deepEqual(fields, { reason: 'refused', status: Number(status.slice(0, 3)) });
      assert.equal(server.requests.length, 1);
    }
  });

  it('is not followed elsewhere', async () => {
    const elsewhere = await serve(httpAnswer('200 OK'));
    for (const status of ['301 Moved', '302 Found', '303 See', '307 Temporary', '308 Permanent']) {
      const server = await serve(httpAnswer(status, '', [`Location: ${elsewhere.url}/`]));
      const fields = await failureOf(gatewayAt(server.url).send(message));
      assert.deepEqual(fields, { reason: 'refused', status: Number(status.slice(0, 3)) });
    }
    assert.equal(elsewhere.requests.length, 0);
  });

  it('is not spoken to in another protocol', async () => {
    const server = await serve('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\necho');
    assert.deepEqual(await failureOf(gatewayAt(server.url).send(message)), { reason: 'refused', status: 101 });
  });

  it('is believed by its answer where that is asked for', async () => {
    const success = { bodyMatches: '^OK\\b' };
    const taken = await serve(httpAnswer('200 OK', 'OK 85.95'));
    await gatewayAt(taken.url, { success }).send(message);
    for (const body of ['KO', '', 'not OK', '\u0000', echo]) {
      const server = await serve(httpAnswer('200 OK', body));
      const fields = await failureOf(gatewayAt(server.url, { success }).send(message));
      assert.deepEqual(fields, { reason: 'refused', status: 200 });
    }
    const latin1 = await serve((socket) => socket.end(Buffer.from(httpAnswer('200 OK', 'OK accept~'), 'latin1')));
    await gatewayAt(latin1.url, { success: { bodyMatches: '^OK' } }).send(message);
    const windows1252 = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\nOK '), Buffer.from([0xe9, 0x80, 0x96])]);
    const old = await serve((socket) => socket.end(windows1252));
    await gatewayAt(old.url, { success }).send(message);
  });

  it('that answers without end is left', async () => {
    const endless = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const pour = () => socket.writable && socket.write(echo.repeat(1000), pour);
      pour();
    });
    assert.deepEqual(await failureOf(gatewayAt(endless.url).send(message)), { reason: 'answer', status: 200 });
    const headers = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'echo'.repeat(10_000)}`);
    });
    const fields = await failureOf(gatewayAt(headers.url).send(message));
    assert.deepEqual(fields, { reason: 'unreachable', error: 'HPE_HEADER_OVERFLOW' });
  });

  it('that is slow is left in time, and not asked again', async () => {
    const answers: readonly ((socket: Socket) => void)[] = [
      () => undefined,
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
      (socket) => {
        const drip = setInterval(() => (socket.writable ? socket.write('x') : clearInterval(drip)), 100);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
        socket.on('close', () => clearInterval(drip));
      },
    ];
    await Promise.all(
      answers.map(async (answer) => {
        const server = await serve(answer);
        const started = performance.now();
        const fields = await failureOf(gatewayAt(server.url).send(message));
        assert.equal(fields.reason, 'timeout');
        const took = performance.now() - started;
        assert.ok(took > 900 && took < 5000, `${took} ms`);
        assert.equal(server.requests.length, 1);
      }),
    );
  });

  it('that cuts the line, or speaks no HTTP, is not asked again: it may have read the message', async () => {
    const answers: readonly ((socket: Socket) => void)[] = [
      (socket) => socket.destroy(),
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end(),
      (socket) => socket.end(`220 smtp ${echo}\r\n`),
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\necho'),
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\necho'),
    ];
    for (const answer of answers) {
      const server = await serve(answer);
      const fields = await failureOf(gatewayAt(server.url).send(message));
      assert.equal(fields.reason, 'unreachable');
      assert.equal(server.requests.length, 1);
    }
  });

  it('that refuses connections is tried twice, and no more', async () => {
    const gone = await serve(httpAnswer('200 OK'));
    await gone.close();
    const started = performance.now();
    const fields = await failureOf(gatewayAt(gone.url).send(message));
    assert.deepEqual(fields, { reason: 'unreachable', error: 'ECONNREFUSED' });
    const took = performance.now() - started;
    assert.ok(took > 450 && took < 5000, `${took} ms`);
  });

  it('that comes up between two tries gets the message once', async () => {
    const gone = await serve(httpAnswer('200 OK'));
    await gone.close();
    const sending = gatewayAt(gone.url).send(message);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const back = await serve(httpAnswer('200 OK'), gone.port);
    await sending;
    assert.equal(back.requests.length, 1);
  });

  it('is left when whoever asked goes away', async () => {
    const silent = await serve(() => undefined);
    const aborter = new AbortController();
    setTimeout(() => aborter.abort(), 100);
    assert.equal((await failureOf(gatewayAt(silent.url).send(message, aborter.signal))).reason, 'stopped');
    const never = await serve(httpAnswer('200 OK'));
    assert.equal((await failureOf(gatewayAt(never.url).send(message, AbortSignal.abort()))).reason, 'stopped');
    assert.equal(never.requests.length, 0);
  });

  it('is sent no message that is not one', async () => {
    const server = await serve(httpAnswer('200 OK'));
    const wrong = [
      { to: '0612345678', text },
      { to: '+33 6 12 34 56 78', text },
      { to: '+33612345678,+33612345679', text },
      { to: '+33612345678\r\nx: y', text },
      { to: '+0612345678', text },
      { to: '', text },
      { to, text: '' },
      { to, text: 'x'.repeat(1001) },
      { to, text: 'a\u0000b' },
      { to, text: 'a\r\nb' },
      { to, text: 'a\u0085b' },
      { to, text: 'a\ud800b' },
    ];
    for (const one of wrong) assert.deepEqual(await failureOf(gatewayAt(server.url).send(one)), { reason: 'message' });
    assert.equal(server.requests.length, 0);
  });

  it('is the one that its certificate names, whatever the environment says', async (context) => {
    const { key, cert } = unknownServer;
    const requests: string[] = [];
    const server = createTlsServer({ key, cert }, (incoming, answer) => {
      requests.push(incoming.url ?? '');
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    context.after(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const fields = await failureOf(gatewayAt(`https://127.0.0.1:${port}`).send(message));
    assert.deepEqual(fields, { reason: 'unreachable', error: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    assert.deepEqual(requests, []);
  });
});
