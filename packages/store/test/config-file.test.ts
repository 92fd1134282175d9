import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ConfigError, type ConfigObject, parseConfig, readConfig } from '../src/config-file.ts';

const kind = { option: '--demo', page: 'docs/demo.md' } as const;
const names = ['a', 'b'];

let folder: string;
let file: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serment-config-'));
  file = join(folder, 'demo.json');
});
after(() => rm(folder, { recursive: true, force: true }));

const parse = (text: string) => parseConfig(Buffer.from(text), kind, names);
const holding = (a: unknown) => parse(JSON.stringify({ a }));

/** Asserts a refusal of that member, and that nothing of it quotes the file, whose secrets hold `s3cret`. */
function isRefusal(error: unknown, field: string, message: RegExp): true {
  assert.ok(error instanceof ConfigError, String(error));
  assert.equal(error.code, 'USAGE');
  assert.deepEqual(error.fields, { field });
  assert.equal(error.hint, 'See docs/demo.md.');
  assert.ok(error.message.startsWith(field === '' ? '--demo: ' : `--demo: ${field}: `), error.message);
  assert.match(error.message, message);
  assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}${error.cause}`, /s3cret/);
  return true;
}

function refuses(read: () => unknown, field: string, message: RegExp): void {
  assert.throws(read, (error) => isRefusal(error, field, message));
}

describe('a file of configuration', () => {
  it('is one object of JSON in UTF-8, with a byte order mark or not', () => {
    for (const text of ['{}', ' {"a":1}\r\n', '\ufeff{"b":"é"}']) parse(text);
    for (const text of ['', 's3cret', '{"a":"s3cret"', '{"a":"s3cret" 1}', '\0', "{'a':1}", '{"a":1}{}'])
      refuses(() => parse(text), '', /the file is not JSON/);
    for (const text of ['null', '[]', '"s3cret"', '1', '[{}]'])
      refuses(() => parse(text), '', /the file is not one object of JSON/);
    refuses(() => parseConfig(Buffer.from('{"a":"é s3cret"}', 'latin1'), kind, names), '', /the file is not in UTF-8/);
  });

  it('has no member that is not known, and the name of one is not repeated', () => {
    for (const text of ['{"s3cret":1}', '{"A":1}', '{"a":1,"":1}', '{"__proto__":{}}', '{"constructor":1}'])
      refuses(() => parse(text), '', /a member that is not known: there are a, b/);
    assert.equal(parseConfig(Buffer.from('{"a":1}'), kind, ['a', 'toString']).value('toString'), undefined);
  });

  it('is read up to 64 KiB, from what is no plain file too', { timeout: 10_000 }, async () => {
    const read = () => readConfig(file, kind, names);
    await writeFile(file, `{}${' '.repeat(65_534)}`);
    assert.deepEqual((await read()).names(), []);
    await writeFile(file, `{}${' '.repeat(65_535)}`);
    await assert.rejects(read(), (error) => isRefusal(error, '', /the file is too large: it has at most 65536 bytes/));
    await assert.rejects(readConfig('/dev/zero', kind, names), (error) => isRefusal(error, '', /too large/));
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const piped = readConfig(pipe, kind, names);
    await writeFile(pipe, '{"a":"piped"}');
    assert.equal((await piped).text('a'), 'piped');
  });

  it('that cannot be read is told by the reason, and its path is not repeated', async () => {
    const unreadable = [
      [join(folder, 's3cret'), /the file cannot be read \(ENOENT\)/],
      [folder, /the file cannot be read \(EISDIR\)/],
      ['s3cret\0', /the file cannot be read \(ERR_INVALID_ARG_VALUE\)/],
    ] as const;
    for (const [path, message] of unreadable)
      await assert.rejects(readConfig(path, kind, names), (error) => isRefusal(error, '', message));
  });
});

describe('a member', () => {
  const wrongOf = (values: readonly unknown[], read: (given: ConfigObject) => unknown, message: RegExp) => {
    for (const value of values) refuses(() => read(holding(value)), 'a', message);
  };

  it('is a text without space around it, and needed', () => {
    assert.equal(holding('a b').text('a'), 'a b');
    wrongOf([undefined, null, '', ' ', 's3cret ', '\ts3cret', 7, true, [], {}], (given) => given.text('a'), /needed/);
  });

  it('is a list of such texts, or absent', () => {
    assert.deepEqual(holding(['x', 'y z']).texts('a'), ['x', 'y z']);
    assert.deepEqual(holding(undefined).texts('a'), []);
    wrongOf([null, 's3cret', 7, {}, [7], [''], ['x', 's3cret ']], (given) => given.texts('a'), /a list of texts/);
  });

  it('is true or false, or what stands for it', () => {
    assert.deepEqual([holding(false).flag('a', true), holding(true).flag('a', false)], [false, true]);
    assert.deepEqual([holding(undefined).flag('a', true), holding(undefined).flag('a', false)], [true, false]);
    wrongOf([null, 's3cret', 'true', 0, 1, []], (given) => given.flag('a', true), /true or false/);
  });

  it('is one of a few words, the first when it is absent', () => {
    const read = (given: ConfigObject) => given.choice('a', ['GET', 'POST']);
    assert.deepEqual([read(holding('POST')), read(holding(undefined))], ['POST', 'GET']);
    wrongOf([null, 's3cret', 'get', '', 0, ['GET']], read, /it is one of GET, POST/);
  });

  it('is a whole number within its bounds, and needed unless something stands for it', () => {
    const bounds = { min: 2, max: 9 };
    const read = (given: ConfigObject) => given.integer('a', bounds);
    assert.deepEqual([read(holding(2)), read(holding(9))], [2, 9]);
    assert.equal(holding(undefined).integer('a', { ...bounds, absent: null }), null);
    assert.equal(holding(undefined).integer('a', { ...bounds, absent: 0 }), 0);
    wrongOf([undefined, null, 1, 10, 2.5, -3, 1e300, '5', 's3cret', [5]], read, /a whole number from 2 to 9/);
    wrongOf([null], (given) => given.integer('a', { ...bounds, absent: null }), /a whole number/);
  });

  it('is an object of its own, whose members are told by their path', () => {
    const inner = holding({ x: 's3cret' }).object('a', ['x', 'y']);
    assert.equal(inner.text('x'), 's3cret');
    refuses(() => inner.text('y'), 'a.y', /needed/);
    refuses(() => inner.object('x', null), 'a.x', /it is not one object of JSON/);
    assert.deepEqual(holding(undefined).object('a', []).names(), []);
    assert.deepEqual(holding({ any: 1 }).object('a', null).names(), ['any']);
    wrongOf([null, 's3cret', 7, []], (given) => given.object('a', ['x']), /it is not one object of JSON/);
    wrongOf([{ s3cret: 1 }], (given) => given.object('a', ['x']), /it has a member that is not known: there are x/);
  });

  it('is JSON within its text', () => {
    assert.deepEqual(holding('').json('a', '{"x":[1]}'), { x: [1] });
    wrongOf(['{"x":s3cret}'], (given) => given.json('a', given.text('a')), /it is not JSON/);
  });

  it('names a file, read up to 1 MiB', async () => {
    const at = (name: string) => join(folder, name);
    const given = holding('s3cret');
    await writeFile(at('most'), 'x'.repeat(1_048_576));
    assert.equal((await given.readNamed('a', at('most'))).length, 1_048_576);
    await writeFile(at('more'), 'x'.repeat(1_048_577));
    await writeFile(at('latin'), 'é s3cret', 'latin1');
    assert.deepEqual((await given.readNamed('a', at('latin')))[0], 0xe9);
    const refusals = [
      ['more', /its file is too large: it has at most 1048576 bytes/],
      ['latin', /its file is not in UTF-8/],
      ['s3cret', /its file cannot be read \(ENOENT\)/],
    ] as const;
    for (const [name, message] of refusals)
      await assert.rejects(given.readNamedText('a', at(name)), (error) => isRefusal(error, 'a', message));
  });
});
