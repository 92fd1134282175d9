import { RecordsError } from '../error.ts';
import { stringEnd, truncatedAt } from '../json-text.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the items of the `entry` array at the top of an object stand, so that they can be read one by one. */
export interface BundleSlices {
  /** Null when the text is no object or has no `entry` array. */
  readonly array: Span | null;
  readonly items: readonly Span[];
  /** Where the text stops before its JSON does; `items` are then those that ended before. Null for a text that closes. */
  readonly cutAt: number | null;
}

/** Finds the entries of a bundle in one pass, without building anything, and even in a text that was cut. Never throws. */
export function sliceBundle(text: string): BundleSlices {
  const items: Span[] = [];
  let array: Span | null = null;
  let arrayStart = -1;
  let itemStart = -1;
  let depth = 0;
  let key = '';
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0x22) {
      const end = stringEnd(text, index);
      if (end === null) return { array, items, cutAt: text.length };
      if (depth === 1) key = text.slice(index, end);
      index = end - 1;
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth === 2 && unit === 0x5b && key === '"entry"' && array === null) arrayStart = index;
      if (depth === 3 && arrayStart !== -1) itemStart = index;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth -= 1;
      if (depth === 2 && itemStart !== -1) {
        items.push({ start: itemStart, end: index + 1 });
        itemStart = -1;
      }
      if (depth === 1 && arrayStart !== -1) {
        array = { start: arrayStart, end: index + 1 };
        arrayStart = -1;
      }
    }
  }
  return { array, items, cutAt: depth > 0 ? text.length : null };
}

/** Throws JSON_SYNTAX when anything but one comma stands between the items, which parsing them one by one would not see. */
export function checkGaps(text: string, array: Span, items: readonly Span[]): void {
  let from = array.start + 1;
  for (const [place, item] of items.entries()) {
    if (text.slice(from, item.start).trim() !== (place === 0 ? '' : ',')) throw brokenAt(from);
    from = item.end;
  }
  if (text.slice(from, array.end - 1).trim() !== '') throw brokenAt(from);
}

export function cutError(slices: BundleSlices): RecordsError | null {
  return slices.cutAt === null ? null : truncatedAt(slices.cutAt);
}

function brokenAt(offset: number): RecordsError {
  return new RecordsError('JSON_SYNTAX', 'Not JSON', { fields: { offset } });
}
