import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type NoticePlace,
  type NoticeWindow,
  openNotice,
  readNotice,
  showNotice,
} from '../../src/service-worker/notices.ts';

const notice = { type: 'notice', kind: 'arrived', title: 'Un résultat est arrivé', path: '/a-classer' } as const;

function scene(focused: readonly boolean[]) {
  const told: unknown[] = [];
  const windows = focused.map(
    (isFocused, place): NoticeWindow => ({
      focused: isFocused,
      focus: async () => told.push(`focus ${place}`),
      postMessage: (message) => told.push(message),
    }),
  );
  const place: NoticePlace = {
    windows: async () => windows,
    openWindow: async (path) => told.push(`open ${path}`),
    show: async (title, options) => void told.push({ title, ...options }),
  };
  return { place, told };
}

describe('what the system says', () => {
  it('is shown with its place, one of a kind at a time, while nobody looks', async () => {
    const { place, told } = scene([false, false]);
    await showNotice(notice, place);
    assert.deepEqual(told, [
      { title: notice.title, tag: 'arrived', icon: '/icons/icon-192.png', data: { path: '/a-classer' } },
    ]);
  });

  it('is not shown to who looks at another window', async () => {
    const { place, told } = scene([false, true]);
    await showNotice(notice, place);
    assert.deepEqual(told, []);
  });

  it('brings a window to its place, or opens one', async () => {
    const open = scene([false]);
    await openNotice({ path: '/coffre' }, open.place);
    assert.deepEqual(open.told, ['focus 0', { open: '/coffre' }]);
    const closed = scene([]);
    await openNotice({ path: '/coffre' }, closed.place);
    assert.deepEqual(closed.told, ['open /coffre']);
  });

  it('leads nowhere but to a page of this site', async () => {
    for (const data of [null, 7, {}, { path: 'https://example.fr' }, { path: '//example.fr' }, { path: '/a?b' }]) {
      const { place, told } = scene([]);
      await openNotice(data, place);
      assert.deepEqual(told, ['open /']);
    }
    assert.deepEqual(readNotice(notice), notice);
    for (const other of ['take-over', null, {}, { ...notice, path: '//example.fr' }, { ...notice, title: 3 }])
      assert.equal(readNotice(other), null);
  });
});
