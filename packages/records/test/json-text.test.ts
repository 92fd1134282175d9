import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicalJson,
  checkStructure,
  equalJson,
  type JsonValue,
  jsonNumber,
  parseJson,
  stringifyJson,
} from '../src/json-text.ts';

const code = (name: string) => ({ code: name });

test('every number comes back with the characters it was written with', () => {
  const text = '{"a":1.10,"b":12345678901234567890,"c":-0,"d":1E400,"e":[0.000,1e-7]}';
  assert.equal(stringifyJson(parseJson(text)), text);
});

test('white space outside strings goes, inside stays', () => {
  assert.equal(stringifyJson(parseJson('\r\n{ "a" :\t[ 1 , "b  c" ] }\n')), '{"a":[1,"b  c"]}');
});

test('a key given twice is refused, however it is spelt, at any depth', () => {
  for (const text of ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '[{"x":{"b":1,"c":2,"b":3}}]', '{"":1,"":2}'])
    assert.throws(() => parseJson(text), code('JSON_DUPLICATE_KEY'), text);
});

test('the same key in sibling and nested objects is no duplicate', () => {
  const text = '{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":"a"}}';
  assert.equal(stringifyJson(parseJson(text)), text);
});

test('__proto__ is a key like another', () => {
  const value = parseJson('{"__proto__":{"polluted":true},"constructor":1}');
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(stringifyJson(value), '{"__proto__":{"polluted":true},"constructor":1}');
});

test('nesting beyond the limit is refused without exhausting the stack', () => {
  assert.doesNotThrow(() => parseJson('['.repeat(200) + ']'.repeat(200)));
  assert.throws(() => parseJson('['.repeat(201) + ']'.repeat(201)), code('JSON_TOO_DEEP'));
  assert.throws(() => parseJson('['.repeat(5_000_000)), code('JSON_TOO_DEEP'));
});

test('a text that stops early is called truncated, one that is wrong a syntax error', () => {
  for (const text of ['{', '{"a":', '{"a":"b', '["\\"', '[1,2'])
    assert.throws(() => parseJson(text), code('JSON_TRUNCATED'), text);
  for (const text of ['{"a":1}}', 'nul', '{a:1}', "{'a':1}", '[1,]', '{"a":01}', '{} x', '"\u0001"', 'NaN', '{"a" 1}'])
    assert.throws(() => parseJson(text), code('JSON_SYNTAX'), text);
  for (const text of ['', ' \n\t']) assert.throws(() => parseJson(text), code('JSON_EMPTY'));
});

test('an error never quotes the text', () => {
  assert.throws(
    () => parseJson('{"family":"Martin" oops}'),
    (error: Error) => !`${error.message}${String(error.cause)}${error.stack}`.includes('Martin'),
  );
});

test('a lone surrogate is kept, as an escape', () => {
  const text = stringifyJson(parseJson('{"a":"x\\ud800y"}'));
  assert.equal(text, '{"a":"x\\ud800y"}');
  assert.ok(text.isWellFormed());
});

test('equality minds the characters of numbers and not the order of keys', () => {
  assert.ok(equalJson(parseJson('{"a":1,"b":[true,null]}'), parseJson('{"b":[true,null],"a":1}')));
  for (const [left, right] of [
    ['1.0', '1'],
    ['[1,2]', '[2,1]'],
    ['{"a":null}', '{"b":null}'],
    ['{"a":1}', '{"a":1,"b":2}'],
    ['[]', '{}'],
    ['"1"', '1'],
    ['null', 'false'],
    ['{"toString":1}', '{}'],
  ] as const)
    assert.ok(!equalJson(parseJson(left), parseJson(right)), `${left} ${right}`);
});

test('a typed number keeps its characters and must be one', () => {
  assert.equal(stringifyJson({ value: jsonNumber('37.20') }), '{"value":37.20}');
  for (const lexeme of ['', '1,5', '.5', '1.', '01', '+1', '0x1', '1e', '"1"', '1 '])
    assert.throws(() => jsonNumber(lexeme));
});

test('white space is noticed in a text that should be minified', () => {
  assert.deepEqual(checkStructure('{"a b":[1]}'), { minified: true });
  assert.deepEqual(checkStructure('{"a": [1]}'), { minified: false });
});

test('any JSON value survives text and back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const parsed = parseJson(JSON.stringify(value, null, 1));
      assert.equal(stringifyJson(parsed), JSON.stringify(JSON.parse(JSON.stringify(value))));
      const again: JsonValue = parseJson(stringifyJson(parsed));
      assert.ok(equalJson(parsed, again));
      assert.equal(canonicalJson(parsed), canonicalJson(again));
    }),
  );
});
