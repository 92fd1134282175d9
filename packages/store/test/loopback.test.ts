import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isLoopbackAddress,
  isLoopbackHost,
  isLoopbackHostHeader,
  isLoopbackHttp,
  isSecureUrl,
} from '../src/loopback.ts';

describe('what is this machine alone', () => {
  it('is three hosts to listen on', () => {
    for (const host of ['localhost', '127.0.0.1', '::1']) assert.ok(isLoopbackHost(host), host);
    for (const host of ['', '0.0.0.0', '::', '[::1]', '127.0.0.2', 'LOCALHOST', 'localhost.', 'localhost.example'])
      assert.ok(!isLoopbackHost(host), host);
  });

  it('is the address of a connection, of IPv4 within IPv6 too', () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.ok(isLoopbackAddress(address), address);
    for (const address of ['', 'localhost', '::ffff:10.0.0.1', '10.0.0.1', '127.0.0.10', '::'])
      assert.ok(!isLoopbackAddress(address), address);
  });

  it('is a Host header, with a port or not', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'localhost:4400', '127.0.0.1:1', '[::1]:65535'])
      assert.ok(isLoopbackHostHeader(host), host);
    const foreign = [
      ...['', ':4400', '::1', '::1:4400', 'localhost:', 'localhost:123456', 'localhost:a', 'localhost:1:2'],
      ...['localhost.example', 'example.localhost', 'localhost\n', '[localhost]', '[127.0.0.1]', 'u@localhost'],
    ];
    for (const host of foreign) assert.ok(!isLoopbackHostHeader(host), host);
  });

  it('is an address where secrets travel without https, when it may be', () => {
    for (const text of ['http://localhost:9/a', 'http://127.0.0.1', 'http://[::1]:9', 'http://0x7f.1/']) {
      assert.ok(isLoopbackHttp(new URL(text)), text);
      assert.ok(isSecureUrl(new URL(text), true), text);
      assert.ok(!isSecureUrl(new URL(text), false), text);
    }
    for (const text of ['http://localhost.example', 'http://127.0.0.2', 'http://[::2]', 'ftp://localhost', 'file:///a'])
      assert.ok(!isSecureUrl(new URL(text), true), text);
    assert.ok(isSecureUrl(new URL('https://auth.example'), false));
    assert.ok(!isLoopbackHttp(new URL('https://localhost')));
  });
});
