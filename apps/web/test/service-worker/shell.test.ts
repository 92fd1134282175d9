import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { dropOtherShells, fileFor, keepShell, keptFile, type Shell } from '../../src/service-worker/shell.ts';

const origin = 'https://serment.example';

function shellOf(files: Readonly<Record<string, string>>, version = 'one'): Shell {
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  return { version, files: Object.entries(files).map(([path, text]) => [path, hash(text)]) };
}

/** A browser's caches, and a server that a test can stop or change; `fetch` holds to `integrity` as browsers do. */
function scene(served: Record<string, string>) {
  const stores = new Map<string, Map<string, Response>>();
  const asked: string[] = [];
  const open = async (name: string) => {
    const store = stores.get(name) ?? new Map<string, Response>();
    stores.set(name, store);
    return {
      match: async (path: string) => store.get(path)?.clone(),
      put: async (path: string, answer: Response) => {
        store.set(path, answer);
      },
    };
  };
  const caches = {
    open,
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
  } as unknown as CacheStorage;
  const fetch = async (path: string, init: RequestInit) => {
    asked.push(path);
    const text = served[path];
    if (text === undefined) return new Response('', { status: 404 });
    if (init.integrity !== `sha256-${createHash('sha256').update(text).digest('base64')}`)
      throw new TypeError('integrity');
    return new Response(text);
  };
  return { caches, fetch, asked, stores };
}

describe('the files of the application on a device', () => {
  const built = { '/index.html': 'page', '/assets/a-1.js': 'code' };

  it('are kept whole, and answer without a server', async () => {
    const shell = shellOf(built);
    const platform = scene(built);
    await keepShell(shell, platform);
    const kept = await keptFile('/assets/a-1.js', shell, platform);
    assert.equal(await kept?.text(), 'code');
  });

  it('are not taken from a deployment that is half-way, and what came is not fetched twice', async () => {
    const shell = shellOf(built);
    const served: Record<string, string> = { ...built, '/assets/a-1.js': 'code of another build' };
    const platform = scene(served);
    await assert.rejects(keepShell(shell, platform), TypeError);
    served['/assets/a-1.js'] = 'code';
    await keepShell(shell, platform);
    assert.deepEqual(platform.asked, ['/index.html', '/assets/a-1.js', '/assets/a-1.js']);
  });

  it('are refused where the server has one of them no more', async () => {
    const platform = scene({ '/index.html': 'page' });
    await assert.rejects(keepShell(shellOf(built), platform), TypeError);
  });

  it('of before go once a build serves, and nothing of others', async () => {
    const platform = scene(built);
    await keepShell(shellOf(built, 'before'), platform);
    await keepShell(shellOf(built, 'now'), platform);
    await platform.caches.open('another program');
    await dropOtherShells(shellOf(built, 'now'), platform);
    assert.deepEqual([...platform.stores.keys()], ['serment-shell-now', 'another program']);
  });
});

describe('who answers a request', () => {
  const shell = shellOf({ '/index.html': '', '/assets/a-1.js': '', '/favicon.svg': '' });
  const answers = (path: string, more: object = {}) =>
    fileFor({ method: 'GET', mode: 'cors', url: origin + path, ...more }, shell, origin);

  it('is the device for files of the build, and for every page of the application', () => {
    assert.equal(answers('/assets/a-1.js'), '/assets/a-1.js');
    assert.equal(answers('/patients/42?x=1', { mode: 'navigate' }), '/index.html');
    assert.equal(answers('/', { mode: 'navigate' }), '/index.html');
    assert.equal(answers('/favicon.svg', { mode: 'navigate' }), '/favicon.svg');
  });

  it('is the server for all of the API, whatever asks', () => {
    const paths = ['/api/host', '/api/practices/ab/entries', '/api', '/api/identity/psc/ab', '/health', '/metrics'];
    for (const path of paths)
      for (const mode of ['cors', 'navigate']) assert.equal(answers(path, { mode }), null, `${mode} ${path}`);
  });

  it('is the server for what is written, for other origins, and for what no build had', () => {
    assert.equal(answers('/index.html', { method: 'POST' }), null);
    assert.equal(answers('/', { mode: 'navigate', url: 'https://other.example/' }), null);
    assert.equal(answers('/assets/b-2.js'), null);
    assert.equal(answers('/assets/b-2.js', { mode: 'navigate' }), null);
    assert.equal(answers('/patients/42'), null);
  });
});
