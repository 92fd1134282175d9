import { type CopyCode, CopyError } from '../copy-error.ts';

interface Saying {
  readonly code: CopyCode;
  readonly message: string;
  readonly hint?: string;
}

const credentials: Saying = {
  code: 'COPY_CREDENTIALS_REFUSED',
  message: 'The store of the copy does not accept these credentials',
  hint: 'Check the access key and its secret, and that neither was withdrawn nor has expired.',
};
const noBucket: Saying = {
  code: 'COPY_BUCKET_MISSING',
  message: 'The store has no such bucket',
  hint: 'Check bucket, region and endpoint; make the bucket with Object Lock, which can only be asked for when it is made.',
};
const noLock: Saying = {
  code: 'COPY_NOT_LOCKED',
  message: 'The bucket has no Object Lock',
  hint: 'Make a bucket with Object Lock and give that one: what is written without a lock can be erased by a virus.',
};
const full: Saying = {
  code: 'COPY_FULL',
  message: 'The store of the copy takes no more bytes',
  hint: 'Raise the quota of the bucket, or add another copy.',
};
const skewed: Saying = {
  code: 'COPY_CLOCK_SKEWED',
  message: 'The clock of this machine is not that of the store',
  hint: 'Set the clock of this machine (NTP): locks are dated, and must not last longer than they should.',
};
const unreachable: Saying = {
  code: 'COPY_UNREACHABLE',
  message: 'The store of the copy does not answer',
  hint: 'Check the endpoint and the network; it is tried again by itself.',
};
const sayings: Readonly<Record<string, Saying>> = {
  NoSuchKey: { code: 'COPY_NOT_FOUND', message: 'No such object in the copy' },
  NoSuchVersion: { code: 'COPY_NOT_FOUND', message: 'No such object in the copy' },
  NotFound: { code: 'COPY_NOT_FOUND', message: 'No such object in the copy' },
  InvalidRange: { code: 'COPY_DAMAGED', message: 'An object is shorter than it must be' },
  NoSuchBucket: noBucket,
  PermanentRedirect: noBucket,
  AuthorizationHeaderMalformed: noBucket,
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  InvalidToken: credentials,
  ExpiredToken: credentials,
  AccessDenied: {
    code: 'COPY_FORBIDDEN',
    message: 'The store of the copy refuses this to these credentials',
    hint: 'Give them the rights that docs/operations.md lists for what they serve.',
  },
  ObjectLockConfigurationNotFoundError: noLock,
  InvalidBucketState: noLock,
  QuotaExceeded: full,
  InsufficientStorage: full,
  RequestTimeTooSkewed: skewed,
};

/** The coded error of a request that failed. Its cause is a name and a status alone: a request carries credentials. */
export function s3ToCopyError(cause: unknown, name?: string): CopyError {
  if (cause instanceof CopyError) return cause;
  const said = cause instanceof Error ? cause.name : 'unknown';
  const status = statusOf(cause);
  const saying = sayings[said] ?? (status === null || status >= 500 ? unreachable : null);
  const fields = { store: said, status, ...(name === undefined ? {} : { name }) };
  if (saying === null)
    return new CopyError('COPY_IO_FAILED', 'The store of the copy refused a request', {
      fields,
      hint: 'See what the store’s documentation says of this answer.',
    });
  const { code, message, hint } = saying;
  return new CopyError(code, message, { fields, ...(hint === undefined ? {} : { hint }) });
}

export function clockSkewed(skewMs: number): CopyError {
  const { code, message, hint } = skewed;
  return new CopyError(code, message, { fields: { skewMs }, ...(hint === undefined ? {} : { hint }) });
}

export function bucketMissing({ fields }: CopyError): CopyError {
  const { code, message, hint } = noBucket;
  return new CopyError(code, message, { fields, ...(hint === undefined ? {} : { hint }) });
}

export function notLocked(): CopyError {
  const { code, message, hint } = noLock;
  return new CopyError(code, message, hint === undefined ? {} : { hint });
}

function statusOf(cause: unknown): number | null {
  if (!(cause instanceof Error && '$metadata' in cause)) return null;
  const metadata = cause.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null;
}
