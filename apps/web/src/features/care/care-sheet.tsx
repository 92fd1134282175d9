import { Button } from '@mantine/core';
import type { PatientRow } from '@serment/replica/directory';
import { type ReactNode, useState } from 'react';
import { todayHere } from '../../file-view/care.ts';
import type { CareItem, CareList, CareSubject } from '../../file-view/care-list.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { HistorySheet } from '../file/history-sheet.tsx';
import { useOfPatient } from '../measures/use-measures.ts';
import { personName, safeName } from '../patients/person.tsx';
import { CareForm } from './care-form.tsx';
import { useCareLine } from './care-line.ts';
import './care.css';

interface CareSheetProps<Subject extends CareSubject> {
  readonly row: PatientRow;
  readonly subject: Subject;
  readonly onClose: () => void;
}

interface Done {
  readonly id: string;
  readonly words: string;
}

/** One list of a file: its lines, what can be done of each, and a form for one more that is ready to be typed in. */
export function CareSheet<Subject extends CareSubject>({ row, subject, onClose }: CareSheetProps<Subject>) {
  const { t } = useTranslation();
  const session = useSession();
  const lineOf = useCareLine();
  const titled: CareSubject = subject;
  const desk = session.engine.desks.care;
  const patient = row.id;
  const name = safeName(personName(row)) || t('patients.unnamed');
  const { value, error } = useOfPatient(
    `care ${subject}`,
    patient,
    async () => (await desk.list(patient, subject)) as CareList<Subject>,
  );
  const [changed, setChanged] = useState<CareItem<Subject> | null>(null);
  const [history, setHistory] = useState<string | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const attempt = useAttempt();
  const tell = ({ id }: { readonly id: string }, words: string) => {
    session.saved({ id, what: t('careSheet.saved'), patient: name });
    setDone({ id, words });
  };
  // A second press would change versions that the first one replaces.
  const act = (does: () => Promise<{ readonly id: string }>, words: string) =>
    void (attempt.isBusy || attempt.run(async () => tell(await does(), words)));
  const undo = ({ id }: Done) =>
    attempt.run(async () => {
      const saved = await desk.undo(id);
      session.saved({ id: saved.id, what: t('careSheet.undone'), patient: name });
      setDone(null);
    });
  const add = () => setChanged(null);
  const acts: ItemActs<Subject> = {
    onChange: setChanged,
    onHistory: setHistory,
    onRetract: (item, words) => act(() => desk.retract(patient, versionsOf(item)), words),
    onStop: (item, words) =>
      act(
        () =>
          item.isOrder
            ? desk.stopOrders(patient, [item, ...item.also].map(versionsOf), null)
            : desk.change({ patient, subject, changed: versionsOf(item), facts: ended(item) }),
        words,
      ),
    onReopen: (item, words) =>
      act(() => desk.change({ patient, subject, changed: versionsOf(item), facts: resumed(item) }), words),
  };
  const items = value?.items ?? [];
  const [running, past] = [items.filter(({ isPast }) => !isPast), items.filter(({ isPast }) => isPast)];
  return (
    <Sheet title={`${t(`careSheet.subjects.${titled}`)} · ${name}`} onClose={onClose}>
      <div className="care-sheet">
        {value?.isComplete === false ? <Notice tone="amber">{t('careSheet.incomplete')}</Notice> : null}
        {changed === null ? null : <h3>{t('careSheet.changing', { label: lineOf(subject, changed).label })}</h3>}
        <CareForm
          key={changed?.recordId ?? ''}
          patient={patient}
          subject={subject}
          changed={changed}
          today={todayHere()}
          onSave={async (facts, { id, replaces }) => {
            const { label } = lineOf(subject, { ...blank, ...changed, facts } as CareItem<Subject>);
            const line = { patient, subject, facts };
            const saved = await (changed === null
              ? desk.add({ ...line, id })
              : desk.change({ ...line, changed: { recordId: changed.recordId, versions: replaces } }));
            tell(saved, t(changed === null ? 'careSheet.added' : 'careSheet.changed', { label }));
          }}
          onChanged={add}
          onCancel={changed === null ? onClose : add}
        />
        {done === null ? null : (
          <Notice
            tone="plain"
            action={
              <button type="button" className="text-button" disabled={attempt.isBusy} onClick={() => void undo(done)}>
                {t('careSheet.cancel')}
              </button>
            }
          >
            {done.words}
          </Notice>
        )}
        <Failure error={error ?? attempt.error} />
        {value === null && error === null ? (
          <p className="muted row-text" role="status">
            {t('careSheet.loading')}
          </p>
        ) : null}
        {value === null || running.length > 0 ? null : (
          <Nothing
            subject={subject}
            list={value}
            onAnswer={() => act(() => desk.answerNone(patient), t('careSheet.answered'))}
          />
        )}
        <Items subject={subject} items={running} acts={acts} />
        {past.length === 0 ? null : (
          <>
            <h3>{t('careSheet.past')}</h3>
            <Items subject={subject} items={past} acts={acts} />
          </>
        )}
      </div>
      {history === null ? null : <HistorySheet patient={patient} recordId={history} onClose={() => setHistory(null)} />}
    </Sheet>
  );
}

/** Never a false blank: not loaded, not asked and none known are three things. */
function Nothing({
  subject,
  list,
  onAnswer,
}: {
  readonly subject: CareSubject;
  readonly list: CareList<CareSubject>;
  readonly onAnswer: () => void;
}) {
  const { t } = useTranslation();
  if (list.isNoneKnown) return <p className="row-text">{t('careSheet.noneKnown')}</p>;
  if (!list.isComplete) return null;
  if (subject !== 'allergies') return <p className="muted row-text">{t('careSheet.none')}</p>;
  return (
    <div className="care-nothing">
      <p className="muted row-text">{t('careSheet.notAsked')}</p>
      <Button variant="default" onClick={onAnswer}>
        {t('careSheet.answerNone')}
      </Button>
    </div>
  );
}

interface ItemActs<Subject extends CareSubject> {
  readonly onChange: (item: CareItem<Subject>) => void;
  readonly onHistory: (recordId: string) => void;
  readonly onStop: (item: CareItem<Subject>, words: string) => void;
  readonly onReopen: (item: CareItem<Subject>, words: string) => void;
  readonly onRetract: (item: CareItem<Subject>, words: string) => void;
}

interface ItemsProps<Subject extends CareSubject> {
  readonly subject: Subject;
  readonly items: readonly CareItem<Subject>[];
  readonly acts: ItemActs<Subject>;
}

function Items<Subject extends CareSubject>({ subject, items, acts }: ItemsProps<Subject>) {
  const { t } = useTranslation();
  const lineOf = useCareLine();
  if (items.length === 0) return null;
  const ends = endings.has(subject);
  return (
    <ul className="care-items">
      {items.map((item) => {
        const { label, detail } = lineOf(subject, item);
        const button = (words: string, does: () => void): ReactNode => (
          <button
            type="button"
            className="text-button"
            aria-label={t('careSheet.actOn', { act: words, label })}
            onClick={does}
          >
            {words}
          </button>
        );
        const end = subject === 'treatments' ? 'stop' : subject === 'consents' ? 'withdraw' : 'resolve';
        const stop = () => acts.onStop(item, t(`careSheet.done.${end}`, { label }));
        return (
          <li key={item.recordId} data-past={item.isPast}>
            <p>
              {label} <span className="muted">{detail}</span>
            </p>
            <p className="care-acts small">
              {item.isConflict ? (
                <span className="amber">{t('careSheet.conflict')}</span>
              ) : (
                <>
                  {item.isOrder ? null : button(t('careSheet.change'), () => acts.onChange(item))}
                  {ends && !item.isPast ? button(t(`careSheet.${end}`), stop) : null}
                  {ends && item.isPast && !item.isOrder && canResume(item)
                    ? button(t('careSheet.reopen'), () => acts.onReopen(item, t('careSheet.reopened', { label })))
                    : null}
                  {button(t('careSheet.retract'), () => acts.onRetract(item, t('careSheet.retracted', { label })))}
                </>
              )}
              {button(t('careSheet.history'), () => acts.onHistory(item.recordId))}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** Lists whose lines come to an end. */
const endings: ReadonlySet<CareSubject> = new Set([
  'problems',
  'allergies',
  'treatments',
  'ald',
  'coverage',
  'consents',
]);

const blank = { isPast: false, isOrder: false, isConflict: false, also: [], day: '', author: null };

function versionsOf({ recordId, versions }: { readonly recordId: string; readonly versions: readonly string[] }) {
  return { recordId, versions };
}

/**
 * What was refuted is no matter of going on again: its certainty is changed in the form. A consent that is given again
 * is another one.
 */
function canResume({ facts }: CareItem<CareSubject>): boolean {
  return !('decision' in facts || ('verification' in facts && facts.verification === 'refuted'));
}

/** What goes on no more. A problem's end is not told by the day on which somebody says that it is over. */
function ended<Subject extends CareSubject>({ facts }: CareItem<Subject>): CareItem<Subject>['facts'] {
  if ('medicine' in facts) return { ...facts, status: 'stopped', until: todayHere() };
  if ('substance' in facts || 'number' in facts || 'coverage' in facts) return { ...facts, isOver: true };
  if ('decision' in facts) return { ...facts, withdrawn: todayHere() };
  return { ...facts, clinicalStatus: 'resolved' };
}

function resumed<Subject extends CareSubject>({ facts }: CareItem<Subject>): CareItem<Subject>['facts'] {
  if ('medicine' in facts) return { ...facts, status: 'active', until: undefined, reason: undefined };
  if ('substance' in facts || 'number' in facts || 'coverage' in facts) return { ...facts, isOver: false };
  return { ...facts, clinicalStatus: 'active', abatement: undefined };
}
