import { Button } from '@mantine/core';
import type { NoteSection } from '@serment/records/page/resource-words';
import { Fragment, type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView, Line, LineView, NoteView, TimelineItem } from '../../file-view/view.ts';
import { type Format, useFormat } from '../../i18n/format.ts';
import { BeginPrivateNote, PrivateNotesBeside } from '../consultation/private-notes.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import { NoteSides } from './conflicts.tsx';
import { Origin } from './origins.tsx';
import { ReportLine } from './report-line.tsx';
import { Segments } from './segments.tsx';
import './timeline.css';

interface TimelineProps {
  readonly file: FileView;
  readonly patient: string;
  /** Notes that are open in an editor: they are not shown twice. */
  readonly editingIds: readonly string[];
  readonly onEdit: (note: NoteView) => void;
  readonly onAddendum: (note: NoteView) => void;
  readonly onHistory: (recordId: string) => void;
  readonly onStart: () => void;
  /** For what is in the wrong file. */
  readonly onMove: (recordId: string) => void;
  /** Nothing can be written: the file of an instant that is past. */
  readonly isReadOnly?: boolean;
}

const firstItems = 60;
const moreItems = 200;

/** What happened on one spine, newest first, the years in the margin. Arrows move from one item to the next. */
export function Timeline(props: TimelineProps) {
  const { t } = useTranslation();
  const { file, editingIds, onStart, isReadOnly = false } = props;
  const [shown, setShown] = useState(firstItems);
  const items = file.timeline.filter((item) => !(item.kind === 'note' && editingIds.includes(item.note.recordId)));
  if (items.length === 0)
    return editingIds.length > 0 || !file.canReadClinical ? null : (
      <div className="empty">
        <p>{t('file.empty')}</p>
        {isReadOnly ? null : (
          <Button variant="default" onClick={onStart}>
            {t('file.start')}
          </Button>
        )}
      </div>
    );
  const left = items.length - shown;
  const thisYear = String(new Date().getFullYear());
  let year = thisYear;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows are a shorter way between items that can all be reached otherwise.
    <div onKeyDown={moveBetween}>
      <h2 className="hidden-text">{t('file.timeline')}</h2>
      {items.slice(0, shown).map((item, place) => {
        const itemYear = item.day.slice(0, 4);
        const isNew = itemYear !== year;
        year = itemYear;
        return (
          <Fragment key={item.key}>
            {isNew ? <p className="year">{itemYear === '' ? t('file.undated') : itemYear}</p> : null}
            <Item item={item} isFirst={place === 0} {...props} />
          </Fragment>
        );
      })}
      {left <= 0 ? null : (
        <Button variant="default" onClick={() => setShown(shown + moreItems)}>
          {t('file.more', { count: left })}
        </Button>
      )}
    </div>
  );
}

function moveBetween(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-item]') : null;
  if (step === undefined || from === null) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-item]')];
  const next = all[all.indexOf(from) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function Item({ item, isFirst, ...props }: TimelineProps & { readonly item: TimelineItem; readonly isFirst: boolean }) {
  const format = useFormat();
  const when = format.margin(item.day);
  const isLarge = item.kind === 'note' || item.kind === 'visit';
  return (
    <article className="event" data-item data-size={isLarge ? 'large' : 'small'} tabIndex={isFirst ? 0 : -1}>
      <time className="when" dateTime={item.day}>
        {when}
      </time>
      {item.kind === 'note' ? <Note note={item.note} addenda={item.addenda} {...props} /> : null}
      {item.kind === 'visit' ? <Visit visit={item.visit} onHistory={props.onHistory} /> : null}
      {item.kind === 'line' ? <LineText line={item.line} onHistory={props.onHistory} /> : null}
      {item.kind === 'group' ? <Group item={item} onHistory={props.onHistory} /> : null}
    </article>
  );
}

function Note({
  note,
  addenda,
  patient,
  onEdit,
  onAddendum,
  onHistory,
  onMove,
  isReadOnly = false,
}: Omit<TimelineProps, 'file'> & { readonly note: NoteView; readonly addenda: readonly NoteView[] }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{note.title}</h3>
      {note.sides.length > 0 ? (
        <NoteSides patient={patient} note={note} onMerge={() => onEdit(note)} />
      ) : (
        <Sections sections={note.sections} title={note.title} />
      )}
      <Measures measures={note.measures} />
      <Found note={note} />
      <Treatments treatments={note.treatments} />
      <Meta note={note}>
        {isReadOnly ? null : (
          <>
            <button
              type="button"
              className="text-button"
              onClick={() => (note.isEditable ? onEdit(note) : onAddendum(note))}
            >
              {note.isEditable ? t('file.edit') : t('file.addAddendum')}
            </button>
            <BeginPrivateNote encounter={note.encounter} />
          </>
        )}
        <button type="button" className="text-button" onClick={() => onHistory(note.recordId)}>
          {t('file.history')}
        </button>
        {isReadOnly ? null : (
          <button type="button" className="text-button" onClick={() => onMove(note.recordId)}>
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
            {addendum.isEditable && !isReadOnly ? (
              <button type="button" className="text-button" onClick={() => onEdit(addendum)}>
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
      <span>{words.filter(Boolean).join(' · ')}</span>
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
        {words.join(', ')}
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
          <dt>{section.title}</dt>
          {noBreak}
          <dd>{section.text}</dd>{' '}
        </Fragment>
      ))}
    </dl>
  );
}

/** A section's name stays on the line of its first word. */
const noBreak = '\u00a0';

function Measures({ measures }: { readonly measures: readonly Line[] }) {
  if (measures.length === 0) return null;
  return (
    <p className="measures">
      {measures.map(({ label, detail }) => (
        <span key={`${label} ${detail}`}>
          {label} <b>{detail}</b>
        </span>
      ))}
    </p>
  );
}

function Treatments({ treatments }: { readonly treatments: readonly Line[] }) {
  const { t } = useTranslation();
  if (treatments.length === 0) return null;
  return (
    <p>
      <span className="inline-label">{t('file.prescription')}</span>
      {noBreak}
      {treatments.map(({ label, detail }, place) => (
        <Fragment key={`${label} ${detail}`}>
          {place === 0 ? '' : ', '}
          {label}
          {detail === '' ? '' : <span className="muted"> {detail}</span>}
        </Fragment>
      ))}
    </p>
  );
}

function Visit({
  visit,
  onHistory,
}: {
  readonly visit: Extract<TimelineItem, { kind: 'visit' }>['visit'];
  readonly onHistory: (id: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{visit.title}</h3>
      {visit.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <Measures measures={visit.measures} />
      <Treatments treatments={visit.treatments} />
      <div className="meta">
        {visit.author === null ? null : <span>{visit.author}</span>}
        <Origin recordId={visit.recordId} />
        <span className="acts">
          <button type="button" className="text-button" onClick={() => onHistory(visit.recordId)}>
            {t('file.detail')}
          </button>
        </span>
      </div>
    </>
  );
}

function LineText({ line, onHistory }: { readonly line: LineView; readonly onHistory: (id: string) => void }) {
  const { t } = useTranslation();
  if (line.report !== undefined) return <ReportLine line={line} report={line.report} onHistory={onHistory} />;
  // What somebody wrote ends as they ended it.
  const isSentence = /[.!?…]$/.test(line.segments.at(-1)?.text ?? '');
  return (
    <>
      <button type="button" className="line-button" title={t('file.detail')} onClick={() => onHistory(line.recordId)}>
        <Segments segments={line.segments} />
        {line.detail === '' ? null : <span className="faint">{`${isSentence ? ' ' : ', '}${line.detail}`}</span>}
        <Origin recordId={line.recordId} />
      </button>{' '}
      {line.save === undefined ? null : <SaveStateMark {...line.save} />}
    </>
  );
}

function Group({
  item,
  onHistory,
}: {
  readonly item: Extract<TimelineItem, { kind: 'group' }>;
  readonly onHistory: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <span>{item.summary}</span> ·{' '}
      <button type="button" className="text-button faint" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? t('file.fold') : t('file.unfold')}
      </button>
      {isOpen ? (
        <ul className="fold-list">
          {item.lines.map((line) => (
            <li key={line.key}>
              <span className="faint">{format.margin(line.day)}</span>
              <LineText line={line.line} onHistory={onHistory} />
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
