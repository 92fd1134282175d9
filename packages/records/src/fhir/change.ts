import { equalJson, type JsonObject, type JsonValue, parseJson } from '../json-text.ts';

/**
 * A resource of whatever origin with what a form changed in it: `before` is what the form showed, `after` what it says
 * now. An element that both say alike stays as it was received, to the character; one that `after` lacks goes away.
 */
export function changedResource(received: JsonObject, before: object, after: object): JsonObject {
  const [old, now] = [plain(before), plain(after)];
  const changed: Record<string, JsonValue> = { ...received };
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [was, is] = [old[name], now[name]];
    if (was !== undefined && is !== undefined && equalJson(was, is)) continue;
    if (is === undefined) delete changed[name];
    else changed[name] = is;
  }
  return changed;
}

const plain = (value: object): JsonObject => parseJson(JSON.stringify(value)) as JsonObject;
