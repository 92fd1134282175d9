import { type Bytes, concatBytes } from '@serment/core/bytes';
import type { Transaction } from '../database-scope.ts';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const flagsBytes = 4;
const lengthBytes = 4;
const endOfRows = -1;

/**
 * The rows of a query in PostgreSQL's binary form, as one block: bytes come as they are, where a result would bring them in
 * hexadecimal, twice as long, to be read once more. The query takes no parameters: what stands in it must be its author's.
 */
export async function copyOut(sql: Transaction, query: string): Promise<Bytes> {
  const sent = await sql.unsafe(`COPY (${query}) TO STDOUT (FORMAT binary)`).readable();
  const pieces: Buffer[] = [];
  // To the end, whatever happens to the block: a connection that nobody reads from is stuck.
  for await (const piece of sent) pieces.push(piece);
  return concatBytes(...pieces);
}

/** Fields of each row of a block, as windows on it; null for NULL. Throws RangeError for anything else. */
export function* rowsIn(block: Bytes): Generator<readonly (Bytes | null)[]> {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  if (!signature.equals(block.subarray(0, signature.length))) throw new RangeError('This is no binary COPY');
  let at = signature.length + flagsBytes;
  at += lengthBytes + view.getUint32(at);
  for (let fields = view.getInt16(at); fields !== endOfRows; fields = view.getInt16(at)) {
    at += 2;
    const row: (Bytes | null)[] = [];
    for (let field = 0; field < fields; field += 1) {
      const size = view.getInt32(at);
      at += lengthBytes;
      if (at + Math.max(0, size) > block.length) throw new RangeError('A row of a COPY is cut');
      row.push(size < 0 ? null : block.subarray(at, at + size));
      at += Math.max(0, size);
    }
    yield row;
  }
}

/** A `bigint` in its binary form. */
export function bigintIn(field: Bytes): number {
  const view = new DataView(field.buffer, field.byteOffset, field.length);
  return view.getInt32(0) * 2 ** 32 + view.getUint32(4);
}
