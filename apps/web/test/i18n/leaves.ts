/** Every text of a catalogue with its key: `['patients.title', 'Patients']`. */
export function leaves(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' ? [[`${path}${key}`, item] as [string, string]] : leaves(item, `${path}${key}.`),
  );
}
