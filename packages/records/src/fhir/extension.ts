import { withItem } from '../json-edit.ts';
import type { JsonObject } from '../json-text.ts';
import { itemsAt, textAt } from '../page/element-text.ts';

/** The extension of that name, of a resource or of another extension; undefined when there is none. */
export function extensionAt(element: unknown, url: string): unknown {
  return itemsAt(element, 'extension').find((one) => textAt(one, 'url') === url);
}

/** The element with this value in its extension of that name, or without it for null; other extensions stay. */
export function withExtension(element: JsonObject, url: string, value: JsonObject | null): JsonObject {
  return withItem(element, 'extension', {
    fits: (one) => one.url === url,
    change: () => (value === null ? null : { url, ...value }),
  });
}
