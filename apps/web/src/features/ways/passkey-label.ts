import type { KnownPerson } from '../../worker/protocol.ts';

/** Whose a passkey is, as the browser lists it. */
export function passkeyLabel({ name, practiceName }: KnownPerson): string {
  return [name, practiceName].filter(Boolean).join(' · ') || 'Serment';
}
