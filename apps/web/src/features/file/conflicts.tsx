import { Button } from '@mantine/core';
import { Fragment } from 'react';
import type { Conflict, NoteView } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

/** The versions of a note that were written at the same time, side by side until a person chooses. */
export function NoteSides({
  patient,
  note,
  onMerge,
}: {
  readonly patient: string;
  readonly note: NoteView;
  /** Null in a file that is past, of which nothing can be chosen any more. */
  readonly onMerge: (() => void) | null;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const choice = useChoice(patient);
  // What was signed gives way to nothing that was not.
  const isSigned = note.sides.some((side) => side.isSigned);
  return (
    <div data-testid="conflict">
      <Notice tone="amber" title={t('conflict.title')}>
        {t(isSigned ? 'consultation.signedConflict' : 'conflict.lead')}
      </Notice>
      <div className="sides">
        {note.sides.map((side) => (
          <div className="side-version" key={side.version}>
            <span className="small muted">
              {t('conflict.by', { name: side.author ?? t('history.unknownAuthor'), when: format.moment(side.at) })}
              {side.isSigned ? ` · ${t('consultation.isSigned')}` : null}
            </span>
            <dl className="sections">
              {side.sections.map((section) => (
                <Fragment key={section.title}>
                  <dt>{section.title}</dt> <dd>{section.text}</dd>{' '}
                </Fragment>
              ))}
            </dl>
            {onMerge === null || (isSigned && !side.isSigned) ? null : (
              <Button
                variant="default"
                disabled={choice.isBusy}
                onClick={() => choice.keep(note.recordId, side.version)}
              >
                {t('conflict.keep')}
              </Button>
            )}
          </div>
        ))}
      </div>
      {note.isEditable && onMerge !== null ? (
        <Button variant="quiet" onClick={onMerge}>
          {t('conflict.merge')}
        </Button>
      ) : null}
      {choice.problem}
    </div>
  );
}

/** Records other than notes that stand in two versions. */
export function FileConflicts({
  patient,
  conflicts,
}: {
  readonly patient: string;
  readonly conflicts: readonly Conflict[];
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const choice = useChoice(patient);
  return conflicts.map((conflict) => (
    <div key={conflict.recordId}>
      <Notice tone="amber" title={`${conflict.title} · ${t('conflict.title')}`}>
        {t('conflict.lead')}
      </Notice>
      <div className="sides">
        {conflict.sides.map((side) => (
          <div className="side-version" key={side.version}>
            <span className="small muted">
              {t('conflict.by', { name: side.author ?? t('history.unknownAuthor'), when: format.moment(side.at) })}
            </span>
            <p>{side.text}</p>
            <Button
              variant="default"
              disabled={choice.isBusy}
              onClick={() => choice.keep(conflict.recordId, side.version)}
            >
              {t('conflict.keep')}
            </Button>
          </div>
        ))}
      </div>
      {choice.problem}
    </div>
  ));
}

function useChoice(patient: string) {
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const keep = (recordId: string, version: string) =>
    void run(async () => void (await engine.desks.versions.keep({ patient, recordId, version })));
  return { isBusy, keep, problem: <Failure error={error} /> };
}
