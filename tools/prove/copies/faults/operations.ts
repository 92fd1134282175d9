import { appendOperation } from './append.ts';
import type { Operation } from './operation.ts';
import { firstReplication, nextReplication } from './replicate.ts';
import { drill, restoration } from './restoration.ts';
import { nextVerification, wholeVerification } from './verification.ts';
import { witnessing } from './witness.ts';

/** Everything that writes what must not be lost, or reads back what was written. */
export const operations = [
  appendOperation,
  firstReplication,
  nextReplication,
  wholeVerification,
  nextVerification,
  drill,
  restoration,
  witnessing,
] as readonly Operation[];
