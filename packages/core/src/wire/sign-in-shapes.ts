import { bytesOf, bytesUpTo, textUpTo } from './shape.ts';

/** One message of OPAQUE, in base64url. */
export const opaqueMessage = textUpTo(2048);
/** A secret of 32 bytes, sealed, or a card share as it is. */
export const sealedSecret = bytesUpTo(1024);
/** What a person types, or is shown to type. */
export const typed = textUpTo(64);
/** A device's ticket (docs/format/wire.md, Entering). */
export const ticket = bytesOf(32);
