import type { PatientRow } from '@serment/replica/directory';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import { PatientChoice } from '../deposits/patient-choice.tsx';
import { Separate } from '../file/merge-facts.tsx';
import { useBirthText, useNameOrNone } from './person.tsx';

/** Which records are read with this one, and the way to another one of the same person. */
export function Merged({ patient, merged }: { readonly patient: string; readonly merged: readonly PatientRow[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const [isChoosing, setChoosing] = useState(false);
  const [separated, setSeparated] = useState<readonly string[]>([]);
  const shown = merged.filter(({ id }) => !separated.includes(id));
  return (
    <section className="identity-merged" aria-label={t('patientIdentity.field.merged')}>
      <h2>{t('patientIdentity.field.merged')}</h2>
      {separated.length === 0 ? null : <Notice tone="plain">{t('patientIdentity.separatedDone')}</Notice>}
      <ul>
        {shown.map((row) => (
          <li key={row.id}>
            <span>
              <b>{nameOf(row)}</b> <span className="muted">{birthOf(row)}</span>
            </span>
            <Separate gone={row.id} name={nameOf(row)} onDone={() => setSeparated([...separated, row.id])} />
          </li>
        ))}
      </ul>
      {isChoosing ? (
        <PatientChoice
          label={t('patientIdentity.mergeChoose')}
          onChoose={(other) => void navigate({ to: '/doublons', search: { un: patient, deux: other.id } })}
        />
      ) : (
        <button type="button" className="text-button" onClick={() => setChoosing(true)}>
          {t('patientIdentity.mergeWith')}
        </button>
      )}
    </section>
  );
}
