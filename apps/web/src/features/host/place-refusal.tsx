import { CodedError } from '@serment/core/error';
import type { addingCopy } from '../../i18n/fr/adding-copy.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import { HostFailure } from './host-failure.tsx';
import { type PlaceField, placeFields } from './typed-place.ts';

type Reason = Exclude<keyof typeof addingCopy.addingCopy.refused, 'other'>;

const reasons: readonly Reason[] = [
  ...(['COPY_PLACE_INVALID', 'COPY_NAME_USED', 'COPY_PLACE_TAKEN', 'COPY_NOT_EMPTY', 'COPY_OF_ANOTHER'] as const),
  ...(['COPY_FORMAT_UNKNOWN', 'COPY_FOLDER_MISSING', 'COPY_FORBIDDEN', 'COPY_READ_ONLY', 'COPY_NO_LINKS'] as const),
  ...(['COPY_FULL', 'COPY_UNREACHABLE', 'COPY_CREDENTIALS_REFUSED', 'COPY_BUCKET_MISSING'] as const),
  ...(['COPY_NOT_LOCKED', 'COPY_CLOCK_SKEWED', 'COPY_DISK_ERROR', 'COPIES_FILE_FIXED'] as const),
  ...(['COPIES_FILE_CHANGED', 'COPIES_FILE_INVALID', 'COPIES_FILE_UNWRITABLE', 'COPIES_TOO_MANY'] as const),
];

/** Why a place is not taken for a copy, and what to do; what is said elsewhere too, as there. */
export function PlaceRefusal({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof CodedError) || error.code !== 'COPY_REFUSED') return <HostFailure error={error} />;
  const known = reasons.find((reason) => reason === error.fields.reason);
  return (
    <Notice tone="red" title={t('addingCopy.refusedTitle')}>
      {known === undefined
        ? t('addingCopy.refused.other', { reason: String(error.fields.reason) })
        : t(`addingCopy.refused.${known}`)}
    </Notice>
  );
}

/** The field that is wrong; null where it is none of the form's. */
export function refusedField(error: unknown): PlaceField | null {
  const field = error instanceof CodedError ? error.fields.field : undefined;
  return placeFields.find((one) => one === field) ?? null;
}
