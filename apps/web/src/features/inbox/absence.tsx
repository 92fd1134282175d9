import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSession, useStatus } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useFollowed } from '../deposits/use-deposits.ts';
import { formTerm, termProblems } from '../members/term-form.ts';
import { safeName } from '../patients/person.tsx';

/** Who is away, until when, and who reads meanwhile: said to the whole practice. */
export function Absences() {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { value, error: unread, again } = useFollowed('absences', () => engine.desks.inbox.absences());
  const { error, run } = useAttempt();
  const end = (id: string) =>
    run(async () => {
      await engine.desks.inbox.cancelAbsence(id);
      again();
    });
  const name = (one: string | null) => safeName(one ?? t('file.someone'));
  return (
    <>
      <Failure error={unread ?? error} />
      {(value ?? []).map((absence) => {
        // The end is excluded: the last day is the one before it.
        const words = { day: format.day(absence.end - 1), reader: name(absence.readerName), who: name(absence.ofName) };
        return (
          <Notice
            key={absence.id}
            tone="plain"
            action={
              absence.isOwn ? (
                <button type="button" className="text-button" onClick={() => void end(absence.id)}>
                  {t('inbox.absenceEnd')}
                </button>
              ) : null
            }
          >
            {t(absence.isOwn ? 'inbox.absenceOwn' : 'inbox.absenceOf', words)}
          </Notice>
        );
      })}
    </>
  );
}

/** A doctor says until when, and who reads in the meantime. */
export function AbsenceSheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const status = useStatus();
  const { value: readers, error: unread } = useAsked('readers', () => session.engine.desks.inbox.readers());
  const [reader, setReader] = useState<string | null>(null);
  const [until, setUntil] = useState('');
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const form = { from: '', until };
  const isDay = until.trim() !== '' && Object.keys(termProblems(form, Date.now())).length === 0;
  const chosen = reader ?? (readers?.length === 1 ? (readers[0]?.member ?? null) : null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const end = isDay ? (formTerm(form)?.until ?? null) : null;
    if (chosen === null || end === null) return;
    void run(async () => {
      const absence = { reader: chosen, end: new Date(end).toISOString() };
      const { id } = await session.engine.desks.inbox.setAbsence(absence);
      session.saved({ id, what: t('inbox.absenceSave'), patient: status?.memberName ?? '' });
      onClose();
    });
  };
  return (
    <Sheet title={t('inbox.absenceTitle')} onClose={onClose}>
      <Failure error={unread} />
      {readers?.length === 0 ? <p>{t('inbox.absenceNobody')}</p> : null}
      {readers === null || readers.length === 0 ? null : (
        <form className="inbox-absence" onSubmit={save}>
          <p>{t('inbox.absenceRule')}</p>
          <TextInput
            label={t('inbox.absenceUntil')}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="off"
            maxLength={20}
            placeholder={t('members.term.hint')}
          />
          <fieldset className="choices">
            <legend>{t('inbox.absenceReader')}</legend>
            {readers.map(({ member, name }) => (
              <label key={member}>
                <input type="radio" name="reader" checked={chosen === member} onChange={() => setReader(member)} />
                {safeName(name ?? t('file.someone'))}
              </label>
            ))}
          </fieldset>
          {isTried && (chosen === null || !isDay) ? (
            <p className="red" role="alert">
              {t('inbox.absenceMissing')}
            </p>
          ) : null}
          <FormEnd error={error} isBusy={isBusy} submit={t('inbox.absenceSet')} onCancel={onClose} />
        </form>
      )}
    </Sheet>
  );
}
