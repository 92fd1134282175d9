import { CodedError } from '@serment/core/error';
import type { PatientRow } from '@serment/replica/directory';
import { type ReactNode, useState } from 'react';
import type { CareList } from '../../file-view/care-list.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { CareEdit, CareEditing } from '../care/care-editing.tsx';
import { useCareLine } from '../care/care-line.ts';
import type { RightsSubject } from '../care/rights-values.ts';
import { useOfPatient } from '../measures/use-measures.ts';
import { partId } from './part-id.ts';
import { safeName } from './person.tsx';

interface IdentityRightsProps {
  readonly row: PatientRow;
  /** False where what is told of the patient is written in the record that goes on. */
  readonly isOwn: boolean;
}

export const rightsParts = ['ald', 'coverage', 'consents', 'information'] as const satisfies readonly RightsSubject[];

/** Rights, consents and information given: each a list of records of its own, beside the form of the identity. */
export function IdentityRights({ row, isOwn }: IdentityRightsProps) {
  const [edited, setEdited] = useState<RightsSubject | null>(null);
  return (
    <div className="identity-rights">
      {rightsParts.map((subject) => (
        <RightsPart key={subject} row={row} subject={subject} onEdit={isOwn ? () => setEdited(subject) : null} />
      ))}
      <CareEditing row={row} subject={edited} onClose={() => setEdited(null)} />
    </div>
  );
}

interface RightsPartProps {
  readonly row: PatientRow;
  readonly subject: RightsSubject;
  readonly onEdit: (() => void) | null;
}

function RightsPart({ row, subject, onEdit }: RightsPartProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value, error } = useOfPatient(
    `rights ${subject}`,
    row.id,
    async () => (await engine.desks.care.list(row.id, subject)) as CareList<RightsSubject>,
  );
  const isRestricted = error instanceof CodedError && error.code === 'PATIENT_RESTRICTED';
  const isOpen = value !== null && !value.isHidden;
  return (
    <section className="identity-part" aria-label={t(`careSheet.subjects.${subject}`)}>
      <div className="identity-part-head">
        <h2 id={partId(subject)} tabIndex={-1}>
          {t(`careSheet.subjects.${subject}`)}
        </h2>
        {isOpen ? <CareEdit subject={subject} onEdit={onEdit} /> : null}
      </div>
      <Failure error={isRestricted ? null : error} />
      {isRestricted ? <p className="amber row-text">{t('patientIdentity.rightsRestricted')}</p> : null}
      {value === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('careSheet.loading')}
        </p>
      ) : null}
      {value === null ? null : <RightsLines subject={subject} list={value} />}
    </section>
  );
}

/** Never a false blank: not visible, not loaded and none are three things. */
function RightsLines({ subject, list }: { readonly subject: RightsSubject; readonly list: CareList<RightsSubject> }) {
  const { t } = useTranslation();
  const lineOf = useCareLine();
  const told = (words: string, tone: string): ReactNode => <p className={`${tone} row-text`}>{words}</p>;
  if (list.isHidden) return told(t('patientIdentity.rightsHidden'), 'amber');
  return (
    <>
      {list.isComplete ? null : told(t('careSheet.incomplete'), 'amber')}
      {list.items.length === 0 && list.isComplete ? told(t('careSheet.none'), 'faint') : null}
      <ul>
        {list.items.map((item) => {
          const { label, detail } = lineOf(subject, item);
          return (
            <li key={item.recordId} data-past={item.isPast}>
              <b>{safeName(label)}</b> <span className="muted">{safeName(detail)}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
