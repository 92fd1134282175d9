import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { ServerError } from '../../src/error.ts';
import { statusOf } from '../../src/error-answer.ts';
import { openSms } from '../../src/sms/open-sms.ts';
import { codeText } from '../../src/sms/sms.ts';

/** GSM 03.38, the basic table: one septet each. */
const gsm7 =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const code = '012345';
const languages = ['fr', 'en'] as const;

/** As browsers read it: WICG, Origin-bound one-time codes, section 3.2. */
function parseBound(message: string): { host: string; code: string } | null {
  const last = message.split(/\r\n|\r|\n/).at(-1) ?? '';
  const [, host, given] = /^@([^\t\n\f\r ]+) #([^\t\n\f\r ]+)/.exec(last) ?? [];
  return host === undefined || given === undefined ? null : { host, code: given };
}

describe('the text of a code', () => {
  it('is a sentence, then the code bound to the host', () => {
    const french = codeText({ code, host: 'coffre.exemple.fr', language: 'fr' });
    assert.equal(french, '012345 est votre code Serment. Ne le donnez à personne.\n\n@coffre.exemple.fr #012345');
    const english = codeText({ code, host: 'coffre.exemple.fr', language: 'en' });
    assert.equal(english, '012345 is your Serment code. Give it to nobody.\n\n@coffre.exemple.fr #012345');
    for (const text of [french, english]) assert.deepEqual(parseBound(text), { host: 'coffre.exemple.fr', code });
  });

  it('is one SMS in the GSM alphabet, however long the host is', () => {
    for (const language of languages)
      for (let length = 1; length <= 253; length += 1) {
        const host = `${'a'.repeat(62)}.`.repeat(5).slice(0, length).replace(/\.$/, 'a');
        const text = codeText({ code, host, language });
        assert.ok(text.length <= 160, `${length}: ${text.length}`);
        for (const char of text) assert.ok(gsm7.includes(char), JSON.stringify(char));
        assert.ok(text.startsWith(code));
        // Shortened, a name would bind the code to somebody else.
        assert.equal(parseBound(text)?.host ?? null, length <= (language === 'fr' ? 94 : 102) ? host : null);
      }
  });

  it('is the sentence alone where no line can bind it', () => {
    const hosts = [
      '',
      '[2001:db8::1]',
      'a b',
      'a\n@evil.example',
      'hôte.fr',
      'a.fr:443',
      'https://a.fr',
      '.fr',
      'a..fr',
    ];
    for (const host of hosts)
      for (const language of languages) {
        const text = codeText({ code, host, language });
        assert.equal(parseBound(text), null, host);
        assert.match(text, /^012345 [^\n]+\.$/);
      }
  });

  it('holds six digits and nothing else for a code', () => {
    for (const wrong of ['', '12345', '1234567', '12345a', ' 12345', '123456\n', '１２３４５６'])
      assert.throws(() => codeText({ code: wrong, host: 'a.fr', language: 'fr' }), { code: 'INTERNAL' }, wrong);
  });
});

describe('a refusal of this', () => {
  it('is told by its status', () => {
    const statuses = { PHONE_INVALID: 400, SMS_FAILED: 502, SMS_UNAVAILABLE: 503 } as const;
    for (const [code, status] of Object.entries(statuses))
      assert.equal(statusOf(new ServerError(code as keyof typeof statuses, 'x')), status);
  });
});

describe('a server without a gateway', () => {
  const message = { to: '+33612345678', text: codeText({ code, host: 'localhost', language: 'fr' }) };
  const withLog = (isLoopback: boolean) => {
    const lines: string[] = [];
    const log: FastifyBaseLogger = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) });
    return { sms: openSms({ gateway: null, isLoopback, log }), lines };
  };

  it('on loopback shows codes on the screen, and logs neither number nor code', async () => {
    const { sms, lines } = withLog(true);
    assert.equal(sms.isLocal, true);
    await sms.send(message);
    assert.deepEqual(lines, ['{"level":30,"msg":"SMS code shown on the screen (local mode)"}\n']);
  });

  it('off loopback says so at the start, and refuses each message', async () => {
    const { sms, lines } = withLog(false);
    assert.equal(sms.isLocal, false);
    assert.deepEqual(lines, ['{"level":40,"msg":"no SMS gateway (--sms): no code can be sent"}\n']);
    await assert.rejects(sms.send(message), { code: 'SMS_UNAVAILABLE', fields: {} });
  });
});
