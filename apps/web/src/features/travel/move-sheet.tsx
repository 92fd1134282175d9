import type { PatientRow } from '@serment/replica/directory';
import { type FormEvent, useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { PatientChoice } from '../deposits/patient-choice.tsx';
import { personName, safeName, useBirthText, useNameOrNone } from '../patients/person.tsx';
import './travel.css';

interface MoveSheetProps {
  readonly from: PatientRow;
  readonly recordId: string;
  readonly onClose: () => void;
  readonly onMoved: (to: PatientRow) => void;
}

/** What was written in the wrong file, and whose it is. */
export function MoveSheet({ from, recordId, onClose, onMoved }: MoveSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const session = useSession();
  const language = useLanguage();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const together = useAsked(`moved ${recordId} ${language}`, () =>
    engine.desks.travel.movedWith(from.id, recordId, language),
  );
  const [to, setTo] = useState<PatientRow | null>(null);
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const problem = to === null ? 'missing' : to.id === from.id ? 'same' : null;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (to === null || problem !== null) return;
    await run(async () => {
      const { id } = await engine.desks.travel.move(recordId, { from: from.id, to: to.id });
      session.saved({ id, what: t('move.saved'), patient: safeName(personName(to)) });
      onMoved(to);
    });
  };
  return (
    <Sheet title={t('move.title')} onClose={onClose}>
      <form className="move-sheet" onSubmit={(event) => void send(event)}>
        <p>{t('move.lead', { name: nameOf(from) })}</p>
        <Failure error={together.error} />
        {together.value === null && together.error === null ? (
          <p className="muted row-text" role="status">
            {t('move.loading')}
          </p>
        ) : null}
        <ul className="move-list">
          {(together.value ?? []).map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are their places.
            <li key={place}>{line}</li>
          ))}
        </ul>
        {to === null ? (
          <PatientChoice onChoose={setTo} />
        ) : (
          <p>
            {t('move.chosen')} <b>{nameOf(to)}</b> <span className="muted">{birthOf(to)}</span>{' '}
            <button type="button" className="text-button" onClick={() => setTo(null)}>
              {t('move.other')}
            </button>
          </p>
        )}
        {isTried && problem !== null ? (
          <p className="red" role="alert">
            {t(`move.${problem}`)}
          </p>
        ) : null}
        <FormEnd
          error={error}
          isBusy={isBusy}
          isReady={together.value !== null}
          submit={to === null ? t('move.submit') : t('move.submitTo', { name: nameOf(to) })}
          onCancel={onClose}
        />
      </form>
    </Sheet>
  );
}
