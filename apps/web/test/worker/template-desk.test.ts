import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Practice } from '@serment/replica/practice';
import { createTestPractice, openDevice } from '../../../../packages/replica/test/practice-setup.ts';
import { type RunningServer, startRunningServer } from '../../../../packages/replica/test/running-server.ts';
import { TemplateDesk } from '../../src/worker/template-desk.ts';

describe('templates of consultations', () => {
  let server: RunningServer;
  let device: Practice;
  let desk: TemplateDesk;

  before(async () => {
    server = await startRunningServer();
    device = await openDevice(await createTestPractice(server.url));
    desk = new TemplateDesk({ practice: () => device, send: () => undefined, keysChanged: async () => undefined });
  });
  after(async () => {
    await device?.lock();
    await server?.remove();
  });

  it('come back after they were taken away, unless somebody wrote them anew since', async () => {
    const content = {
      title: 'Certificat',
      status: 'active' as const,
      section: [],
      measure: [],
      diagnosis: [],
      act: [],
    };
    await desk.save({ recordId: null, replaces: [], ...content });
    const one = async () => (await desk.list())[0] ?? assert.fail();
    const remove = async () => {
      const { versions: replaces, ...known } = await one();
      return { known, save: await desk.save({ ...known, replaces, status: 'retired' }) };
    };
    const first = await remove();
    assert.deepEqual(await desk.list(), []);
    await desk.undo(first.save.id);
    assert.equal((await one()).title, 'Certificat');

    const { known, save } = await remove();
    const [record] = await device.shared.views();
    const replaces = (record?.versions ?? []).map(({ version }) => version);
    await desk.save({ ...known, replaces, title: 'Certificat de sport' });
    await assert.rejects(desk.undo(save.id), { code: 'CHANGED_SINCE' });
    assert.equal((await one()).title, 'Certificat de sport');
  });
});
