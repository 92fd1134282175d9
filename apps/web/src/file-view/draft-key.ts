/** Whose draft it was, and when it was typed, as the part of a key behind `~` says it of one that was taken over. */
export interface TakenDraft {
  /** In hexadecimal. */
  readonly member: string;
  /** The clock of that member's device, ms. */
  readonly updatedAt: number;
}

/** What the part of a draft's key behind `~` says; null for a text that two devices typed apart. */
export function takenDraft(apart: string | undefined): TakenDraft | null {
  const [, member, updatedAt] = /^([0-9a-f]{32})\.(\d{1,15})(?:\.|$)/.exec(apart ?? '') ?? [];
  return member === undefined ? null : { member, updatedAt: Number(updatedAt) };
}

/** `Patient/…` of the file that a draft is of, whatever form it is (`<form>/Patient/…`); null for a new patient. */
export function patientOfDraft(key: string): string | null {
  return /^[a-z-]+\/(Patient\/[^/~]+)/.exec(key)?.[1] ?? null;
}

/** Whether a draft is of a consultation: a new one, one that is changed, or an addendum. */
export function isConsultationDraft(key: string): boolean {
  return /^(?:note|edit|addendum)\//.test(key);
}

/** What a draft's text holds, as it was typed on whatever device; null when it is no object. */
export function draftValue(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export const newPatientKey = 'patient/new';

/** What follows `~` in the key of a new patient's draft that stands beside the one that is typed; null for any other. */
export function newPatientApart(key: string): string | null {
  const [own, apart] = key.split('~');
  return own === newPatientKey && apart !== undefined ? apart : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
