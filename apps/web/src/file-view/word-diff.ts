export interface DiffSegment {
  readonly text: string;
  readonly kind: 'same' | 'added' | 'removed';
}

const maxCells = 400_000;

/** What changed from one text to another, word by word; texts too long to compare are shown one after the other. */
export function wordDiff(before: string, after: string): DiffSegment[] {
  if (before === after) return before === '' ? [] : [{ text: before, kind: 'same' }];
  const old = words(before);
  const now = words(after);
  if (old.length * now.length > maxCells) return joined([...old.map(removed), ...now.map(added)]);
  const lengths = commonLengths(old, now);
  const width = now.length + 1;
  const segments: DiffSegment[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length && column < now.length) {
    const word = old[row] ?? '';
    if (word === now[column]) {
      segments.push({ text: word, kind: 'same' });
      row += 1;
      column += 1;
    } else if ((lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0)) {
      segments.push(removed(word));
      row += 1;
    } else {
      segments.push(added(now[column] ?? ''));
      column += 1;
    }
  }
  return joined([...segments, ...old.slice(row).map(removed), ...now.slice(column).map(added)]);
}

/** Words, figures, spaces and signs, each by itself. */
function words(text: string): string[] {
  return text.match(/\p{L}+|\p{N}+|\s+|[^\s\p{L}\p{N}]/gu) ?? [];
}

/** Longest common subsequences of every pair of ends. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        old[row] === now[column]
          ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0);
  return lengths;
}

function joined(segments: readonly DiffSegment[]): DiffSegment[] {
  const merged: DiffSegment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last?.kind === segment.kind) merged[merged.length - 1] = { text: last.text + segment.text, kind: last.kind };
    else merged.push(segment);
  }
  return merged;
}

function removed(text: string): DiffSegment {
  return { text, kind: 'removed' };
}

function added(text: string): DiffSegment {
  return { text, kind: 'added' };
}
