import type { ReactNode } from 'react';
import type { FileView } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Triangle } from '../../ui/marks.tsx';
import { personName, safeName } from '../patients/person.tsx';
import { MergeFacts } from './merge-facts.tsx';
import { Presence } from './presence.tsx';
import { WhoFacts } from './who-facts.tsx';

interface BannerProps {
  readonly file: FileView;
  /** Among the facts, where no room is beside them. */
  readonly link?: ReactNode;
  readonly children: ReactNode;
}

/** Who this is: always in view, so that a note goes to the right file. */
export function Banner({ file, link, children }: BannerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { row, banner } = file;
  const born = t(row.sex === 'female' ? 'file.bornFemale' : row.sex === 'male' ? 'file.born' : 'file.bornOther');
  const age = format.age(banner.birthDate);
  const died =
    banner.deceasedOn === ''
      ? t('file.deceased')
      : t(`patientIdentity.banner.${row.sex === 'female' ? 'deceasedOnFemale' : 'deceasedOn'}`, {
          date: format.fhirDay(banner.deceasedOn),
        });
  return (
    <header className="banner">
      <div>
        <div className="banner-name">
          <h1>
            {safeName(personName(row)) || t('patients.unnamed')}
            {row.birthFamily === null ? null : (
              <span className="birth">
                {' '}
                {born} {safeName(row.birthFamily)}
              </span>
            )}
          </h1>
          <Presence file={file} />
        </div>
        <div className="facts">
          <span>
            {[
              t(`sex.${banner.sex}`),
              banner.deceased ? died : age,
              banner.birthDate === null ? t('patients.noBirthDate') : '',
            ]
              .filter((part) => part !== '')
              .join(', ')}{' '}
            {banner.birthDate === null ? null : <span className="faint">({format.fhirDay(banner.birthDate)})</span>}
          </span>
          <AllergyFact file={file} />
          {banner.flags === null ? <span className="amber">{t('patientIdentity.banner.flagsHidden')}</span> : null}
          {(banner.flags ?? []).map((flag) => (
            <span key={flag.label} {...(flag.isWarned ? { className: 'amber' } : {})}>
              {[flag.label, flag.detail].filter((part) => part !== '').join(', ')}
            </span>
          ))}
          {banner.isSecret ? <span className="amber">{t('patientIdentity.banner.secret')}</span> : null}
          <WhoFacts file={file} />
          {link}
        </div>
        <MergeFacts file={file} />
      </div>
      <div className="banner-actions">{children}</div>
    </header>
  );
}

function AllergyFact({ file }: { readonly file: FileView }) {
  const { t } = useTranslation();
  const { allergies } = file.banner;
  if (allergies.kind !== 'some') {
    const tone =
      allergies.kind === 'none-known'
        ? ''
        : allergies.kind === 'hidden' || allergies.kind === 'loading'
          ? 'amber'
          : 'muted';
    return <span className={tone}>{t(`file.allergies.${allergies.kind}`)}</span>;
  }
  const list = allergies.list.map(({ label, detail }) => (detail === '' ? label : `${label} (${detail})`)).join(' ; ');
  return (
    <span className="allergy">
      <Triangle size={13} /> {t('file.allergies.some', { list })}
    </span>
  );
}
