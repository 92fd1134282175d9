import { equalJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '../json-text.ts';

/**
 * A resource of whatever origin with what a form changed in it: `before` is what the form showed, `after` what it says
 * now. What both say alike stays as it was received, to the character, and so does what the form does not show: further
 * items of a list, fields beside a changed one. Words and codes are replaced whole, for what stands beside them said
 * the same thing.
 */
export function changedResource(received: JsonObject, before: object, after: object): JsonObject {
  return changedFields(received, plain(before), plain(after));
}

function changedFields(received: JsonObject, before: JsonObject, after: JsonObject): JsonObject {
  const changed: Record<string, JsonValue> = { ...received };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (was !== undefined && is !== undefined && equalJson(was, is)) continue;
    for (const other of Object.keys(received)) if (other !== name && isSameChoice(other, name)) delete changed[other];
    const value = changedValue(received[name], was, is);
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  }
  return changed;
}

function changedValue(
  received: JsonValue | undefined,
  was: JsonValue | undefined,
  is: JsonValue | undefined,
): JsonValue | undefined {
  if (was !== undefined && is !== undefined && equalJson(was, is)) return received;
  const [shown, told] = [was ?? [], is ?? []];
  if (isJsonArray(shown) && isJsonArray(told)) {
    const known = isJsonArray(received) ? received : [];
    const items = told.map((item, place) => changedValue(known[place], shown[place], item) ?? item);
    const all = [...items, ...known.slice(shown.length)];
    return all.length === 0 ? undefined : all;
  }
  const isOfFields = isJsonObject(received) && isJsonObject(was) && isJsonObject(is);
  return isOfFields && !(isTold(was) || isTold(is)) ? changedFields(received, was, is) : is;
}

/** A concept, an annotation, a dosage. */
function isTold(element: JsonObject): boolean {
  return element.text !== undefined || element.coding !== undefined;
}

/** Of an element that FHIR lets have one of several types, `onsetDateTime` or `onsetAge`, there is one at a time. */
function isSameChoice(name: string, other: string): boolean {
  const choice = choiceForm.exec(name)?.[1];
  return choice !== undefined && choice === choiceForm.exec(other)?.[1];
}

const choiceForm = /^(onset|abatement|effective|occurrence|medication)[A-Z]/;

const plain = (value: object): JsonObject => parseJson(JSON.stringify(value)) as JsonObject;
