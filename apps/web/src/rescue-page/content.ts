import { CoreError } from '@serment/core/error';
import type { Language } from '../i18n/language.ts';

/** What a rescue copy holds (docs/format/rescue.md, Content): words, for eyes. */
export interface RescueContent {
  readonly practice: string;
  readonly maker: string;
  readonly language: Language;
  readonly months: number;
  readonly left: RescueLeft;
  readonly appointments: readonly RescueAppointment[];
  readonly patients: readonly RescuePatient[];
}

/** What was left out, counted. */
export interface RescueLeft {
  readonly restricted: number;
  /** Files that were not on the device, nor to be had. */
  readonly absent: number;
  /** Files that are told in part. */
  readonly partial: number;
  /** Active patients beyond the limit. */
  readonly beyond: number;
}

export interface RescueAppointment {
  /** ms since 1970 */
  readonly at: number;
  /** `Patient/…` of one of the patients, or null. */
  readonly patient: string | null;
  readonly with: string;
}

export interface RescuePatient {
  /** `Patient/…` */
  readonly id: string;
  readonly family: string;
  readonly birthFamily: string;
  readonly given: string;
  readonly names: string;
  /** FHIR date, '' when it is not known. */
  readonly birthDate: string;
  readonly about: string;
  readonly alerts: readonly RescueLine[];
  readonly sections: readonly { readonly title: string; readonly lines: readonly RescueLine[] }[];
}

export interface RescueLine {
  readonly label: string;
  readonly detail: string;
  readonly tone: 'plain' | 'alert' | 'over';
}

/** Throws PAYLOAD_INVALID for JSON that is no content, and for what is no JSON. */
export function parseRescueContent(text: string): RescueContent {
  const value = jsonOf(text);
  if (!isContent(value)) throw new CoreError('PAYLOAD_INVALID', 'Not the content of a rescue copy');
  return value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CoreError('PAYLOAD_INVALID', 'Not the content of a rescue copy', { cause });
  }
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value);
const oneOf =
  (...known: readonly string[]): Check =>
  (value) =>
    known.some((one) => one === value);
const listOf =
  (isItem: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(isItem);

/** An object of exactly these fields. */
const fieldsOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const names = Object.keys(value);
    return (
      names.length === Object.keys(checks).length &&
      names.every((name) => {
        const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
        return check?.(Reflect.get(value, name)) === true;
      })
    );
  };

const isLine = fieldsOf({ label: isText, detail: isText, tone: oneOf('plain', 'alert', 'over') });

const isWhole = fieldsOf({
  ...{ practice: isText, maker: isText, language: oneOf('fr', 'en'), months: isCount },
  left: fieldsOf({ restricted: isCount, absent: isCount, partial: isCount, beyond: isCount }),
  appointments: listOf(fieldsOf({ at: isCount, patient: (value) => value === null || isText(value), with: isText })),
  patients: listOf(
    fieldsOf({
      ...{
        id: isText,
        family: isText,
        birthFamily: isText,
        given: isText,
        names: isText,
        birthDate: isText,
        about: isText,
      },
      alerts: listOf(isLine),
      sections: listOf(fieldsOf({ title: isText, lines: listOf(isLine) })),
    }),
  ),
});

function isContent(value: unknown): value is RescueContent {
  return isWhole(value);
}
