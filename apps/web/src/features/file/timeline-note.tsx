import type { NoteSection } from '@serment/records/page/resource-words';
import { Fragment, type ReactNode } from 'react';
import type { NoteView } from '../../file-view/view.ts';
import { type Format, useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { BeginPrivateNote, PrivateNotesBeside } from '../consultation/private-notes.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import { NoteSides } from './conflicts.tsx';
import { FoundWords } from './found-words.tsx';
import { Origin } from './origins.tsx';
import { Measures, noBreak, Treatments } from './timeline-parts.tsx';

/** What can be done of the notes of a file that is not past. */
export interface NoteActs {
  readonly onEdit: (note: NoteView) => void;
  readonly onAddendum: (note: NoteView) => void;
  /** For what is in the wrong file. */
  readonly onMove: (recordId: string) => void;
}

interface NoteProps {
  readonly note: NoteView;
  readonly addenda: readonly NoteView[];
  readonly patient: string;
  /** Null where nothing can be written. */
  readonly acts: NoteActs | null;
  readonly onHistory: (recordId: string) => void;
}

/** A consultation as it reads in its file, what can be done of it, and what completes it. */
export function Note({ note, addenda, patient, acts, onHistory }: NoteProps) {
  const { t } = useTranslation();
  return (
    <>
      <h3>
        <FoundWords text={note.title} />
      </h3>
      {note.sides.length > 0 ? (
        <NoteSides patient={patient} note={note} onMerge={acts === null ? null : () => acts.onEdit(note)} />
      ) : (
        <Sections sections={note.sections} title={note.title} />
      )}
      <Measures measures={note.measures} />
      <Found note={note} />
      <Treatments treatments={note.treatments} />
      <Meta note={note}>
        {acts === null ? null : (
          <>
            <button
              type="button"
              className="text-button"
              onClick={() => (note.isEditable ? acts.onEdit(note) : acts.onAddendum(note))}
            >
              {note.isEditable ? t('file.edit') : t('file.addAddendum')}
            </button>
            <BeginPrivateNote encounter={note.encounter} />
          </>
        )}
        <button type="button" className="text-button" onClick={() => onHistory(note.recordId)}>
          {t('file.history')}
        </button>
        {acts === null ? null : (
          <button type="button" className="text-button" onClick={() => acts.onMove(note.recordId)}>
            {t('move.act')}
          </button>
        )}
      </Meta>
      <PrivateNotesBeside encounter={note.encounter} />
      {addenda.map((addendum) => (
        <div className="addendum" key={addendum.recordId}>
          <b className="addendum-name">{t('file.addendum')}</b>
          <Sections sections={addendum.sections} title="" />
          <Meta note={addendum}>
            {addendum.isEditable && acts !== null ? (
              <button type="button" className="text-button" onClick={() => acts.onEdit(addendum)}>
                {t('file.edit')}
              </button>
            ) : null}
            <button type="button" className="text-button" onClick={() => onHistory(addendum.recordId)}>
              {t('file.history')}
            </button>
          </Meta>
        </div>
      ))}
    </>
  );
}

function Meta({ note, children }: { readonly note: NoteView; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const written = wallTime(format, note.date);
  const signed = note.signedAt === '' ? null : t('consultation.signed', { when: wallTime(format, note.signedAt) });
  const words = [
    note.author,
    signed ?? written,
    note.status === 'preliminary' ? t('file.draftStatus') : null,
    note.isChanged && signed === null ? t('file.changed') : null,
  ];
  return (
    <div className="meta">
      <span>
        <FoundWords text={words.filter(Boolean).join(' · ')} />
      </span>
      <Origin recordId={note.recordId} />
      <SaveStateMark state={note.state} savedAt={note.savedAt} />
      <span className="acts">{children}</span>
    </div>
  );
}

/** `28/05/2026 10:42`, by the clock on the wall where it was written. */
function wallTime(format: Format, value: string): string {
  const hasTime = value.includes('T') && !Number.isNaN(Date.parse(value));
  return hasTime ? `${format.fhirDay(value)} ${value.slice(11, 16)}` : format.fhirDay(value);
}

/** Diagnoses with their codes, then what was done; a diagnosis that names the note is not said twice. */
function Found({ note }: { readonly note: NoteView }) {
  const { t } = useTranslation();
  const diagnoses = note.diagnoses.filter(({ label, detail }) => detail !== '' || label !== note.title);
  const lists = [
    { name: t('coding.diagnosis'), words: diagnoses.map(({ label, detail }) => [detail, label].join(' ').trim()) },
    { name: t('consultation.acts'), words: note.acts },
  ];
  return lists.map(({ name, words }) =>
    words.length === 0 ? null : (
      <p key={name}>
        <span className="inline-label">{name}</span>
        {noBreak}
        <FoundWords text={words.join(', ')} />
      </p>
    ),
  );
}

/** The sections as one flowing text, each under its name; one that only begins the title again is not said twice. */
function Sections({ sections, title }: { readonly sections: readonly NoteSection[]; readonly title: string }) {
  const told = sections.filter(({ text }) => !title.startsWith(text.replace(/[.\s]+$/, '')));
  if (told.length === 0) return null;
  return (
    <dl className="sections">
      {told.map((section, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sections have no name of their own.
        <Fragment key={place}>
          <dt>
            <FoundWords text={section.title} />
          </dt>
          {noBreak}
          <dd>
            <FoundWords text={section.text} />
          </dd>{' '}
        </Fragment>
      ))}
    </dl>
  );
}
