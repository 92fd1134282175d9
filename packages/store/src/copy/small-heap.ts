import { setFlagsFromString } from 'node:v8';

/**
 * For a process that does nothing but read copies, or restore them: it keeps some 20 MB whatever their size, and passes
 * gigabytes through. V8 would let two hundred megabytes of that pile up before it collects. Told to keep its heap small, it
 * takes up to half as long again (30 000 entries verified: 3.3 s, 4.7 s): such a process runs beside a server that needs
 * the memory.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  // MB.
  setFlagsFromString('--max-semi-space-size=2');
}
