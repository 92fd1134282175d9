import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { codeOf } from '../../worker/carried-error.ts';

/** What a server refuses an operator says what it says to nobody else. */
const refusals = ['NOT_FOUND', 'REFUSED', 'VAULT_RESTORED'] as const;

/** Why an act was not done, in the console's words; what has none there, as everywhere. */
export function HostFailure({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  const refusal = refusals.find((code) => code === codeOf(error));
  if (refusal === undefined) return <Failure error={error} />;
  return (
    <Notice tone="red" title={t('error.title')}>
      {t(`operators.error.${refusal}`)}
    </Notice>
  );
}
