import type { z } from 'zod/mini';
import { observationSchema } from '../fhir/clinical.ts';
import { codeSystems } from '../fhir/coding-system.ts';
import { checkResource } from '../fhir/own-resource.ts';
import { type MeasureKind, measureTypes } from './measure-types.ts';

export type Observation = z.infer<typeof observationSchema>;

export interface MeasureInput {
  /** `Patient/…` */
  readonly patient: string;
  readonly kind: MeasureKind;
  /** In the unit of its kind; for a blood pressure, the systolic one. */
  readonly value: number;
  /** For a blood pressure, the diastolic one. */
  readonly second?: number | undefined;
  /** Date and time with its offset. */
  readonly date: string;
  /** `Encounter/…` */
  readonly encounter?: string | undefined;
  /** `Practitioner/…` */
  readonly performer: string;
}

const pressureParts = [
  { code: '8480-6', text: 'Systolique' },
  { code: '8462-4', text: 'Diastolique' },
] as const;

/** A measure that was taken, as an Observation (FHIR vital signs). Throws RESOURCE_INVALID. */
export function newMeasure(id: string, input: MeasureInput): Observation {
  const { kind, value, second, encounter } = input;
  const { loinc, text, ucum, unit, laboratory } = measureTypes[kind];
  const quantity = (number: number) => ({ value: number, unit, system: codeSystems.ucum, code: ucum });
  const part = (place: 0 | 1, number: number) => ({
    code: { coding: [{ system: codeSystems.loinc, code: pressureParts[place].code }], text: pressureParts[place].text },
    valueQuantity: quantity(number),
  });
  return checkResource(observationSchema, {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [
      { coding: [{ system: codeSystems.observationCategory, code: laboratory ? 'laboratory' : 'vital-signs' }] },
    ],
    code: { coding: [{ system: codeSystems.loinc, code: loinc }], text },
    subject: { reference: input.patient },
    ...(encounter === undefined ? {} : { encounter: { reference: encounter } }),
    effectiveDateTime: input.date,
    performer: [{ reference: input.performer }],
    ...(second === undefined ? { valueQuantity: quantity(value) } : { component: [part(0, value), part(1, second)] }),
  });
}
