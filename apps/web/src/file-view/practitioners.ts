import { displayName } from '@serment/records/page/resource-words';
import { readResource } from './reading.ts';

export interface NamedPractitioner {
  /** `Practitioner/…` */
  readonly id: string;
  readonly name: string;
}

/** The practitioners that the directory names, in the order of their names. */
export function doctorsOf(records: readonly { readonly id: string; readonly content: string }[]): NamedPractitioner[] {
  return records
    .filter(({ id }) => id.startsWith('Practitioner/'))
    .flatMap(({ id, content }) => {
      const resource = readResource(content);
      const name = resource === null ? '' : displayName(resource);
      return name === '' ? [] : [{ id, name }];
    })
    .sort((left, right) => left.name.localeCompare(right.name, 'fr'));
}
