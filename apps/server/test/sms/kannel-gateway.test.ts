import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createHttpGateway } from '../../src/sms/http-gateway.ts';
import { parsePhoneNumber } from '../../src/sms/phone-number.ts';
import { codeText } from '../../src/sms/sms.ts';
import { type Kannel, kannelMissing, startKannel } from '../kannel.ts';
import { exampleConfig } from './sms-examples.ts';

const missing = kannelMissing();

describe('Kannel, as documented', { skip: missing ?? false }, () => {
  let kannel: Kannel;
  before(async () => {
    kannel = await startKannel();
  });
  after(() => kannel.stop());

  const smsWith = (password: string) =>
    createHttpGateway(exampleConfig('Kannel', kannel.url, { KANNEL_USER: kannel.user, KANNEL_PASSWORD: password }));

  it('hands a code over to the SMS centre, for the number that was typed', async () => {
    const to = parsePhoneNumber('06 92 12 34 56');
    for (const language of ['fr', 'en'] as const) {
      const text = codeText({ code: '012345', host: 'coffre.exemple.fr', language });
      await smsWith(kannel.password).send({ to, text });
      assert.equal(await kannel.nextMessage(3), `Serment +262692123456 text ${text}`);
    }
  });

  it('hands over every character of the GSM alphabet that a form or an address could spoil', async () => {
    const text = 'é è à ù ì ò Ç É Ñ ä ö ü ß £ ¥ § ¿ ¡ & + = % # ? ; : " \' < > ( ) * / , . ! @ _ $ -';
    await smsWith(kannel.password).send({ to: '+33612345678', text });
    assert.equal(await kannel.nextMessage(1), `Serment +33612345678 text ${text}`);
  });

  it('is told to have refused, and hands nothing over, for a wrong password', async () => {
    const refused = { code: 'SMS_FAILED', fields: { reason: 'refused', status: 403 } };
    await assert.rejects(smsWith('wrong').send({ to: '+33612345678', text: 'refused' }), refused);
    await smsWith(kannel.password).send({ to: '+33612345678', text: 'next' });
    assert.equal(await kannel.nextMessage(1), 'Serment +33612345678 text next');
  });
});
