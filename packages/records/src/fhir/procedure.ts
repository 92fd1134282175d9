import { type Procedure, procedureSchema } from './clinical.ts';
import { checkResource } from './own-resource.ts';

export interface Act {
  /** `Patient/…` */
  readonly patient: string;
  readonly text: string;
  /** Date and time with its offset. */
  readonly date: string;
  /** `Encounter/…` */
  readonly encounter?: string | undefined;
  /** `Practitioner/…` */
  readonly performer: string;
}

/** Something that was done, in words, as a completed Procedure. Throws RESOURCE_INVALID. */
export function newAct(id: string, { patient, text, date, encounter, performer }: Act): Procedure {
  return checkResource(procedureSchema, {
    resourceType: 'Procedure',
    id,
    status: 'completed',
    code: { text },
    subject: { reference: patient },
    ...(encounter === undefined ? {} : { encounter: { reference: encounter } }),
    performedDateTime: date,
    performer: [{ actor: { reference: performer } }],
  });
}
