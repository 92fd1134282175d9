import type { FileView } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { safeName, useBirthText } from '../patients/person.tsx';

const shownHomonyms = 3;

/** Who cares for this patient, how sure the identity is, and whom not to take them for. */
export function WhoFacts({ file }: { readonly file: FileView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const birth = useBirthText();
  const { doctor, status, homonyms } = file.banner;
  // Two of one name are told apart by their births alone.
  const others = homonyms
    .slice(0, shownHomonyms)
    .map((row) =>
      [birth(row), row.deceased ? t('patients.deceased') : format.age(row.birthDate)].filter(Boolean).join(', '),
    );
  const list = [...others, ...(homonyms.length > shownHomonyms ? ['…'] : [])].join(' ; ');
  return (
    <>
      {doctor === null ? null : (
        <span className="muted">
          {t('patientIdentity.banner.doctor', {
            name: doctor.isSelf ? t('patientIdentity.banner.you') : safeName(doctor.name),
          })}
        </span>
      )}
      {status === 'validated' || status === 'qualified' ? null : (
        <span className="faint">
          {t('patientIdentity.banner.status', { status: t(`patientIdentity.banner.${status}`) })}
        </span>
      )}
      {homonyms.length === 0 ? null : (
        <span className="amber">{t('patientIdentity.banner.homonym', { count: homonyms.length, list })}</span>
      )}
    </>
  );
}
