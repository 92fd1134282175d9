import { bytesToHex } from '@serment/core/bytes';

/** The compartment of one member's own notes. */
export function privateCompartment(member: Uint8Array): string {
  return `private/${bytesToHex(member)}`;
}
