import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Tick } from '../../ui/marks.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { CopyComparisonView, CopyRestoredView, LostDocumentView } from '../../worker/copy-desk.ts';
import { DifferenceBox, DifferenceLine } from '../travel/differences.tsx';

interface ComparedProps {
  readonly compared: CopyComparisonView;
  readonly name: string;
  /** Once what came back was seen: the file is compared anew. */
  readonly onDone: () => void;
}

/** What is the same, what is otherwise in the copy, and what stays; what is ticked comes back. */
export function Compared({ compared, name, onDone }: ComparedProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [restored, setRestored] = useState<CopyRestoredView | null>(null);
  const { copy, at, same, since, lost, documents, differences, lostDocuments } = compared;
  const isSame = differences.length + lostDocuments.length === 0;
  if (restored !== null) return <Done restored={restored} onAgain={onDone} />;
  return (
    <section className="copy-compared" aria-label={t('copyRestore.compared')}>
      <p className="row-text muted">{t('copyRestore.until', { copy, day: format.day(at), time: format.clock(at) })}</p>
      {isSame ? (
        <Notice tone="plain" title={t('copyRestore.nothing')}>
          {t('copyRestore.same', { count: same })}
          {documents === 0 ? null : ` ${t('copyRestore.sameDocuments', { count: documents })}`}
        </Notice>
      ) : (
        <p className="row-text">
          <Tick /> {t('copyRestore.same', { count: same })}
        </p>
      )}
      {since === 0 ? null : <p className="row-text muted">{t('copyRestore.since', { count: since })}</p>}
      {lost === 0 ? null : <Notice tone="amber">{t('copyRestore.lost', { count: lost })}</Notice>}
      {isSame ? null : <Choice {...{ compared, name }} onRestored={setRestored} />}
    </section>
  );
}

interface ChoiceProps extends Omit<ComparedProps, 'onDone'> {
  readonly onRestored: (restored: CopyRestoredView) => void;
}

function Choice({ compared: { differences, lostDocuments }, name, onRestored }: ChoiceProps) {
  const { t } = useTranslation();
  const session = useSession();
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  // What was changed here since is meant to be so: it comes back only to who asks for it.
  const [records, setRecords] = useState<ReadonlySet<string>>(
    () => new Set(differences.filter(({ isSince }) => !isSince).map(({ recordId }) => recordId)),
  );
  const whole = lostDocuments.filter(({ isInCopy }) => isInCopy);
  const [documents, setDocuments] = useState<ReadonlySet<string>>(() => new Set(whole.map(({ blobId }) => blobId)));
  const count = records.size + documents.size;
  const restore = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (count === 0) return;
    await run(async () => {
      const restored = await session.engine.desks.copies.restore({ records: [...records], documents: [...documents] });
      if (restored.id !== null) session.saved({ id: restored.id, what: t('copyRestore.restored'), patient: name });
      onRestored(restored);
    });
  };
  return (
    <form className="copy-choices" aria-label={t('copyRestore.otherwise')} onSubmit={(event) => void restore(event)}>
      <h2>{t('copyRestore.otherwise')}</h2>
      <ul>
        {lostDocuments.map((document) => (
          <li key={document.blobId}>
            <LostDocument
              document={document}
              isChosen={documents.has(document.blobId)}
              onToggle={() => setDocuments(toggled(documents, document.blobId))}
            />
          </li>
        ))}
        {differences.map((difference) => (
          <li key={difference.recordId}>
            <DifferenceLine
              difference={difference}
              told={t(
                `copyRestore.kind.${difference.kind === 'gone' ? 'gone' : 'changed'}${difference.isSince ? 'Since' : ''}`,
              )}
              isChosen={records.has(difference.recordId)}
              onToggle={() => setRecords(toggled(records, difference.recordId))}
            />
          </li>
        ))}
      </ul>
      {differences.length + whole.length === 0 ? null : (
        <div className="differences-end">
          <p className="small muted">{t('copyRestore.rule')}</p>
          {isTried && count === 0 ? (
            <p className="red row-text" role="alert">
              {t('travel.noneChosen')}
            </p>
          ) : null}
          <Failure error={error} />
          <Button type="submit" loading={isBusy}>
            {t('copyRestore.restore', { count })}
          </Button>
        </div>
      )}
    </form>
  );
}

interface LostDocumentProps {
  readonly document: LostDocumentView;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function LostDocument({ document: { title, isInCopy }, isChosen, onToggle }: LostDocumentProps) {
  const { t } = useTranslation();
  const name = title === '' ? t('copyRestore.document') : title;
  if (!isInCopy)
    return (
      <p className="row-text">
        <b>{name}</b> <span className="red">{t('copyRestore.documentGone')}</span>
      </p>
    );
  return (
    <DifferenceBox isChosen={isChosen} onToggle={onToggle}>
      <b>{name}</b> <span className="muted">{t('copyRestore.documentLost')}</span>
    </DifferenceBox>
  );
}

/** What came back, and the way to take it back. */
function Done({ restored, onAgain }: { readonly restored: CopyRestoredView; readonly onAgain: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const [isUndone, setUndone] = useState(false);
  const { id, records, documents } = restored;
  const undo = () =>
    run(async () => {
      if (id !== null) await engine.desks.copies.undo(id);
      setUndone(true);
    });
  const told = [
    ...(records === 0 ? [] : [t('copyRestore.done', { count: records })]),
    ...(documents === 0 ? [] : [t('copyRestore.doneDocuments', { count: documents })]),
  ];
  return (
    <div className="copy-compared">
      <Notice
        tone="plain"
        action={
          id === null || isUndone ? undefined : (
            <button type="button" className="text-button" disabled={isBusy} onClick={() => void undo()}>
              {t('move.undo')}
            </button>
          )
        }
      >
        {isUndone ? t('copyRestore.undone') : told.join(' ')}
      </Notice>
      <Failure error={error} />
      <p className="row-text">
        <button type="button" className="text-button" onClick={onAgain}>
          {t('copyRestore.again')}
        </button>
      </p>
    </div>
  );
}

function toggled(chosen: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(one)) next.add(one);
  return next;
}
