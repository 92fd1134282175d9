import { CodedError, type ErrorFields } from '@serment/core/error';
import { transferHandlers } from 'comlink';

/** An error that crossed from the worker: its code and facts, not its class. */
export class CarriedError extends CodedError {}

interface Carried {
  readonly code: string;
  readonly message: string;
  readonly fields: ErrorFields;
  readonly hint: string | null;
}

/** Comlink carries only the message of what was thrown; called on both sides, this carries codes and facts too. */
export function carryErrorCodes(): void {
  const standard = transferHandlers.get('throw');
  if (standard === undefined) return;
  transferHandlers.set('throw', {
    canHandle: standard.canHandle,
    serialize: (thrown) => [carriedFrom(thrown), []],
    deserialize: (carried) => {
      const { code, message, fields, hint } = carriedOf(carried);
      throw new CarriedError(code, message, { fields, ...(hint === null ? {} : { hint }) });
    },
  });
}

/** The code of an error from anywhere. */
export function codeOf(error: unknown): string {
  return error instanceof CodedError ? error.code : 'UNEXPECTED';
}

function carriedFrom(thrown: unknown): Carried {
  const error = typeof thrown === 'object' && thrown !== null && 'value' in thrown ? thrown.value : thrown;
  if (error instanceof CodedError) {
    const { code, message, fields, hint } = error;
    return { code, message, fields, hint };
  }
  return {
    code: 'UNEXPECTED',
    message: error instanceof Error ? error.message : String(error),
    fields: {},
    hint: null,
  };
}

function carriedOf(value: unknown): Carried {
  const isCarried = typeof value === 'object' && value !== null && 'code' in value;
  return isCarried ? (value as Carried) : { code: 'UNEXPECTED', message: String(value), fields: {}, hint: null };
}
