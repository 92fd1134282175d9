import { NativeSelect } from '@mantine/core';
import { identityProofs } from '@serment/records/fhir/identity';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import type { FieldsProps } from './identity-fields.tsx';
import { isProof, statusWarning } from './identity-form.ts';

/** How sure the identity is: what a document proves is chosen here, what the national service proves is not. */
export function IdentityStatusFields({ form, before, set, problemOf }: FieldsProps) {
  const { t } = useTranslation();
  const isOfService = before.status === 'qualified' || before.status === 'retrieved';
  const statuses = ['provisional', 'validated', ...(isOfService ? [before.status] : [])] as const;
  return (
    <fieldset className="identity-part">
      <legend>{t('patientIdentity.field.status')}</legend>
      <div className="choices">
        {statuses.map((status) => (
          <label key={status}>
            <input
              type="radio"
              name="status"
              checked={form.status === status}
              onChange={() => set({ status, ...(status === 'provisional' ? { proof: '' } : {}) })}
            />
            <span>
              {t(`patientIdentity.status.${status}`)}
              <span className="muted"> · {t(`patientIdentity.statusHint.${status}`)}</span>
            </span>
          </label>
        ))}
      </div>
      {form.status === 'validated' ? (
        <div className="form-grid">
          <NativeSelect
            label={t('patientIdentity.proof')}
            value={form.proof}
            error={problemOf('proof')}
            onChange={(event) => set({ proof: event.currentTarget.value })}
          >
            <option value="">{t('patientIdentity.proofChoose')}</option>
            {identityProofs.map((proof) => (
              <option key={proof} value={proof}>
                {t(`patientIdentity.proofs.${proof}`)}
              </option>
            ))}
            {form.proof === '' || isProof(form.proof) ? null : <option value={form.proof}>{form.proof}</option>}
          </NativeSelect>
        </div>
      ) : null}
      <p className="muted row-text">{t('patientIdentity.statusRule')}</p>
    </fieldset>
  );
}

/** What saving takes away: said where one saves, for the trait that changed may stand far from the status. */
export function StatusNotice({ form, before }: Pick<FieldsProps, 'form' | 'before'>) {
  const { t } = useTranslation();
  const warning = statusWarning(form, before);
  if (warning === null) return null;
  const words = t(warning === 'back' ? 'patientIdentity.statusBack' : 'patientIdentity.statusLoses');
  return <Notice tone="amber">{words}</Notice>;
}
