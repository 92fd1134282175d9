import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json-text.ts';

/** The object with one field changed, or without it for `undefined`; the order of the others stays. */
export function withField(object: JsonObject, name: string, value: JsonValue | undefined): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** The items of a repeating element, whatever they are; none for anything else. */
export function itemsOf(object: JsonObject, name: string): readonly JsonValue[] {
  const value = object[name];
  return isJsonArray(value) ? value : [];
}

/** With these items in a repeating element, or without the element when there are none. */
export function withItems(object: JsonObject, name: string, items: readonly JsonValue[]): JsonObject {
  return withField(object, name, items.length === 0 ? undefined : items);
}

/**
 * Changes the first item that fits, adds one where none does, and takes it away when `change` gives null. What does not fit
 * stays where it stands, character for character.
 */
export function withItem(
  object: JsonObject,
  name: string,
  { fits, change }: { fits: (item: JsonObject) => boolean; change: (item: JsonObject | null) => JsonObject | null },
): JsonObject {
  const items = itemsOf(object, name);
  const place = items.findIndex((item) => isJsonObject(item) && fits(item));
  const found = items[place];
  const changed = change(isJsonObject(found) ? found : null);
  if (place < 0) return changed === null ? object : withItems(object, name, [...items, changed]);
  const kept = changed === null ? [] : [changed];
  return withItems(object, name, [...items.slice(0, place), ...kept, ...items.slice(place + 1)]);
}
