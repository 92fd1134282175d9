import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GatewayConfig, parseGatewayConfig } from '../../src/sms/gateway-config.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/security/sms.md'), 'utf8');

/** An example of docs/security/sms.md under that title, spoken to at `url` instead of its own host. */
export function exampleConfig(title: string, url: string, env: NodeJS.ProcessEnv): GatewayConfig {
  const text = new RegExp(`^### ${title}\\n\\n\`\`\`json\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1];
  assert.ok(text, `docs/security/sms.md has no example ${title}`);
  // As it stands, then again at that address.
  parseGatewayConfig(Buffer.from(text), env);
  const moved = text.replace(/https?:\/\/[^/]+/, url);
  return parseGatewayConfig(Buffer.from(moved), env);
}
