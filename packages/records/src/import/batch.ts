import type { Route } from '../route.ts';
import type { RecordBatch, RecordVersion } from '../version.ts';
import type { RoutedVersion } from './versions.ts';

/** Characters of content per batch; one resource may be larger and then stands alone. */
export const batchTextLength = 256 * 1024;
const batchVersionCount = 1000;

export interface RoutedBatch extends Route {
  readonly batch: RecordBatch;
}

/** Groups versions by stream and patient, in order, into batches of bounded size. What `admin` holds comes first. */
export function batchesOf(routed: readonly RoutedVersion[]): RoutedBatch[] {
  const groups = Map.groupBy(routed, ({ compartment, stream, patient, alone, version }) =>
    JSON.stringify([compartment, stream, patient, alone ? version.id : null]),
  );
  const batches = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { compartment, stream, patient } = first;
    return chunksOf(group.map((item) => item.version)).map((versions) => ({
      compartment,
      stream,
      batch: { patient, versions, documents: [] },
    }));
  });
  return batches.sort((left, right) => Number(right.compartment === 'admin') - Number(left.compartment === 'admin'));
}

function chunksOf(versions: readonly RecordVersion[]): RecordVersion[][] {
  const chunks: RecordVersion[][] = [];
  let chunk: RecordVersion[] = [];
  let length = 0;
  for (const version of versions) {
    const size = version.content?.length ?? 0;
    if (chunk.length > 0 && (length + size > batchTextLength || chunk.length === batchVersionCount)) {
      chunks.push(chunk);
      chunk = [];
      length = 0;
    }
    chunk.push(version);
    length += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
