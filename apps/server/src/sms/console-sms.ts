import type { Sms } from './sms.ts';
export function createConsoleSms(): Sms {
  return { isLocal: true, send: async () => undefined };
}
