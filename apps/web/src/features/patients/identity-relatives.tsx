import { NativeSelect } from '@mantine/core';
import { type Kinship, kinships } from '@serment/records/fhir/related-person';
import type { PatientRow } from '@serment/replica/directory';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { PatientChoice } from '../deposits/patient-choice.tsx';
import { partId } from './part-id.ts';
import { personName, safeName, useBirthText, useNameOrNone } from './person.tsx';
import { RelativeLink, useRelationText, useRelatives } from './relatives-part.tsx';

/** The relatives who have a file here: each opens in one press, and says the same of this patient. */
export function IdentityRelatives({ row }: { readonly row: PatientRow }) {
  const { t } = useTranslation();
  const session = useSession();
  const desk = session.engine.desks.relatives;
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const relationOf = useRelationText();
  const { value, error } = useRelatives(row.id);
  const [isAdding, setAdding] = useState(false);
  const [done, setDone] = useState<{ readonly id: string; readonly words: string } | null>(null);
  const attempt = useAttempt();
  const told = ({ id }: { readonly id: string }, words: string) => {
    session.saved({ id, what: t('relatives.saved'), patient: safeName(personName(row)) });
    setDone({ id, words });
  };
  const act = (does: () => Promise<{ readonly id: string }>, words: string) =>
    void (attempt.isBusy || attempt.run(async () => told(await does(), words)));
  const undo = (id: string) =>
    attempt.run(async () => {
      const saved = await desk.undo(id);
      session.saved({ id: saved.id, what: t('careSheet.undone'), patient: safeName(personName(row)) });
      setDone(null);
    });
  return (
    <section className="identity-part identity-rights" aria-label={t('relatives.title')}>
      <h2 id={partId('relatives')} tabIndex={-1}>
        {t('relatives.title')}
      </h2>
      <Failure error={error ?? attempt.error} />
      {done === null ? null : (
        <Notice
          tone="plain"
          action={
            <button type="button" className="text-button" disabled={attempt.isBusy} onClick={() => void undo(done.id)}>
              {t('careSheet.cancel')}
            </button>
          }
        >
          {done.words}
        </Notice>
      )}
      {value?.length === 0 ? <p className="faint row-text">{t('relatives.none')}</p> : null}
      <ul>
        {(value ?? []).map((relative) => {
          const name = relative.row === null ? t('relatives.unknown') : nameOf(relative.row);
          return (
            <li key={`${relative.recordId} ${relative.relation}`} className="identity-relative">
              <span>
                <RelativeLink relative={relative} />{' '}
                <span className="muted">
                  {[relationOf(relative), relative.row === null ? '' : birthOf(relative.row)]
                    .filter(Boolean)
                    .join(', ')}
                </span>
              </span>
              <button
                type="button"
                className="text-button"
                aria-label={t('relatives.retract', { name })}
                onClick={() => act(() => desk.retract(relative), t('relatives.retracted', { name }))}
              >
                {t('relatives.remove')}
              </button>
            </li>
          );
        })}
      </ul>
      {isAdding ? (
        <Adding
          onChoose={(relative, kinship) => {
            const link = { id: crypto.randomUUID(), patient: row.id, relative: relative.id, kinship };
            setAdding(false);
            act(() => desk.add(link), t('relatives.added', { name: nameOf(relative) }));
          }}
          onCancel={() => setAdding(false)}
          self={row.id}
        />
      ) : (
        <button type="button" className="text-button" onClick={() => setAdding(true)}>
          {t('relatives.add')}
        </button>
      )}
    </section>
  );
}

interface AddingProps {
  readonly self: string;
  readonly onChoose: (relative: PatientRow, kinship: Kinship) => void;
  readonly onCancel: () => void;
}

function Adding({ self, onChoose, onCancel }: AddingProps) {
  const { t } = useTranslation();
  const [kinship, setKinship] = useState<Kinship>('PRN');
  const [isSelf, setSelf] = useState(false);
  return (
    <div className="form-grid">
      <NativeSelect
        label={t('relatives.kinship')}
        value={kinship}
        onChange={(event) => setKinship(known.find((one) => one === event.currentTarget.value) ?? 'PRN')}
      >
        {known.map((one) => (
          <option key={one} value={one}>
            {t(`relatives.option.${one}`)}
          </option>
        ))}
      </NativeSelect>
      <div className="wide">
        <PatientChoice
          label={t('relatives.choose')}
          onChoose={(relative) => (relative.id === self ? setSelf(true) : onChoose(relative, kinship))}
        />
        {isSelf ? (
          <p className="red row-text" role="alert">
            {t('relatives.self')}
          </p>
        ) : null}
        <button type="button" className="text-button row-text" onClick={onCancel}>
          {t('relatives.giveUp')}
        </button>
      </div>
    </div>
  );
}

const known = Object.keys(kinships) as Kinship[];
