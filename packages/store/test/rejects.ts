import assert from 'node:assert/strict';
import { CodedError } from '@serment/core/error';

/** The coded error that a promise ends with, which must have this code. */
export async function rejects(promise: Promise<unknown>, code: string): Promise<CodedError> {
  const error: unknown = await promise.then(
    () => assert.fail(`expected ${code}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CodedError)) throw error;
  assert.equal(error.code, code, error.message);
  return error;
}
