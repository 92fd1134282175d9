import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { encodeOperatorCode, parseOperatorOffer } from '@serment/core/wire/operator';
import { freePort } from '../../../e2e/harness/serment.ts';
import { done, serment, serve, temporaryFolder } from './serment.ts';

let data: string;
before(async () => {
  data = join(await temporaryFolder(), 'data');
});

interface Added {
  readonly operator: string;
  readonly code: string;
  readonly link: string | null;
  readonly isNew: boolean;
}

interface Listed {
  readonly operators: readonly { readonly name: string; readonly way: string | null }[];
}

describe('serment operator', () => {
  it('makes no data folder where there is none, and asks for one place', async () => {
    const nowhere = await serment(['operator', 'list', '--data', data]);
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /There is no data folder/);
    assert.equal((await serment(['operator', 'list'])).code, 2);
    const both = ['operator', 'list', '--data', data, '--database-url', 'postgres://localhost/x'];
    assert.equal((await serment(both)).code, 2);
  });

  it('adds an operator beside a server that runs, whose console takes the code at once', async () => {
    const port = String(await freePort());
    const server = await serve(data, ['--console-port', port]);
    try {
      const url = ['--console-url', 'https://console.example/'];
      const added = (await done(['operator', 'add', 'Camille Roux', '--data', data, '--json', ...url])).json<Added>();
      assert.deepEqual([added.operator, added.isNew], ['Camille Roux', true]);
      assert.equal(added.link, `https://console.example/#${added.code}`);
      const headers = { 'content-type': 'application/cbor' };
      const body = encodeOperatorCode(added.code);
      const answer = await fetch(`http://localhost:${port}/api/operators/enrolments`, {
        method: 'POST',
        headers,
        body,
      });
      const { name } = parseOperatorOffer(new Uint8Array(await answer.arrayBuffer()));
      assert.equal(name, 'Camille Roux');
    } finally {
      await server.stop();
    }
  });

  it('adds, lists and removes without a server, and says what it does not know', async () => {
    const added = await done(['operator', 'add', 'Noé Lambert', '--data', data]);
    assert.match(added.stdout, /^Noé Lambert may enrol\.\nOpen the host’s console .*(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}\n/);
    const again = (await done(['operator', 'add', 'noé lambert', '--data', data, '--json'])).json<Added>();
    assert.deepEqual([again.operator, again.isNew], ['Noé Lambert', false]);
    const { operators } = (await done(['operator', 'list', '--data', data, '--json'])).json<Listed>();
    const ways = operators.map(({ name, way }) => [name, way]);
    assert.deepEqual(Object.fromEntries(ways), { 'Camille Roux': null, 'Noé Lambert': null });
    await done(['operator', 'remove', 'Noé Lambert', '--data', data]);
    const gone = await serment(['operator', 'remove', 'Noé Lambert', '--data', data]);
    assert.deepEqual([gone.code, gone.stdout], [2, '']);
    assert.match(gone.stderr, /There is no operator of that name/);
    assert.equal((await serment(['operator', 'add', 'a\u202eb', '--data', data])).code, 2);
  });
});
