import { Button } from '@mantine/core';
import type { NoteSection } from '@serment/records/page/resource-words';
import { textTerms } from '@serment/replica/text-index';
import { Fragment, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { filterOf, kindCounts, placeOfRecord, unfoldRuns } from '../../file-view/timeline-filter.ts';
import type { FileView, Line, LineView, NoteView, TimelineItem } from '../../file-view/view.ts';
import { type Format, useFormat } from '../../i18n/format.ts';
import { BeginPrivateNote, PrivateNotesBeside } from '../consultation/private-notes.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import { NoteSides } from './conflicts.tsx';
import { FoundWords } from './found-words.tsx';
import { Origin } from './origins.tsx';
import { PrintedChoice } from './printed-choice.tsx';
import { ReportLine } from './report-line.tsx';
import { Segments } from './segments.tsx';
import { Spine } from './spine.tsx';
import { useTimelineAddress } from './timeline-address.ts';
import { TimelineFilterRow } from './timeline-filter.tsx';
import { TimelineLookContext, useOpened } from './timeline-look.ts';
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

/** What happened on one spine, newest first, narrowed by a kind and by words, and printed as it is narrowed. */
export function Timeline(props: TimelineProps) {
  const { t } = useTranslation();
  const { file, editingIds, onStart, onHistory, isReadOnly = false } = props;
  const { kind, words, record, choose } = useTimelineAddress();
  const filter = useMemo(() => filterOf(file.timeline), [file.timeline]);
  const terms = useMemo(() => textTerms(words), [words]);
  const found = useMemo(() => filter({ kind, terms }), [filter, kind, terms]);
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const look = useMemo(
    () => ({
      ...{ terms, opened },
      onOpen: (key: string, isOpen: boolean) => setOpened((known) => new Map([...known, [key, isOpen]])),
    }),
    [terms, opened],
  );
  const isElsewhere = (item: TimelineItem) => item.kind === 'note' && editingIds.includes(item.note.recordId);
  const items = found.filter((item) => !isElsewhere(item));
  const all = unfoldRuns(file.timeline).filter((item) => !isElsewhere(item));
  const target = record === '' ? -1 : placeOfRecord(items, record);
  const isMissing = record !== '' && placeOfRecord(file.timeline, record) < 0;
  const tellMissing = useRef(onHistory);
  // What stands in no line of its own, such as the paper of a report, is shown by itself.
  useEffect(() => {
    if (isMissing) tellMissing.current(record);
  }, [isMissing, record]);
  const isWhole = file.isComplete && file.absentCount === 0 && file.findingCount === 0;
  if (all.length === 0)
    return editingIds.length > 0 || !file.canReadClinical ? null : (
      <div className="empty">
        <p>{t(isWhole ? 'file.empty' : 'timeline.emptyPartial')}</p>
        {isReadOnly || !isWhole ? null : (
          <Button variant="default" onClick={onStart}>
            {t('file.start')}
          </Button>
        )}
      </div>
    );
  return (
    <TimelineLookContext value={look}>
      <h2 className="hidden-text">{t('file.timeline')}</h2>
      {isReadOnly ? null : (
        <>
          <TimelineFilterRow
            chosen={{ kind, words }}
            onChoose={choose}
            counts={kindCounts(all)}
            shown={items.length}
            total={all.length}
          />
          <PrintedChoice chosen={{ kind, words }} shown={items.length} total={all.length} isWhole={isWhole} />
        </>
      )}
      {items.length === 0 ? (
        <div className="empty">
          <p>{t(isWhole ? 'timeline.none' : 'timeline.nonePartial')}</p>
          <Button variant="default" onClick={() => choose({ kind: null, words: '' })}>
            {t('timeline.showAll')}
          </Button>
        </div>
      ) : (
        <Spine items={items} target={target} targetKey={record}>
          {(item, place) => (
            <Item item={item} {...place} count={items.length} isMarked={place.place === target} {...props} />
          )}
        </Spine>
      )}
    </TimelineLookContext>
  );
}

type ItemProps = TimelineProps & {
  readonly item: TimelineItem;
  readonly place: number;
  readonly count: number;
  readonly isReached: boolean;
  readonly isMarked: boolean;
};

function Item({ item, place, count, isReached, isMarked, ...props }: ItemProps) {
  const format = useFormat();
  const when = format.margin(item.day);
  const isLarge = item.kind === 'note' || item.kind === 'visit';
  return (
    <article
      className="event"
      data-item
      data-size={isLarge ? 'large' : 'small'}
      tabIndex={isReached ? 0 : -1}
      aria-posinset={place + 1}
      aria-setsize={count}
      {...(isMarked ? { 'aria-current': 'true' as const } : {})}
    >
      <time className="when" dateTime={item.day}>
        {when}
      </time>
      {item.kind === 'note' ? <Note note={item.note} addenda={item.addenda} {...props} /> : null}
      {item.kind === 'visit' ? <Visit visit={item.visit} onHistory={props.onHistory} /> : null}
      {item.kind === 'line' ? <LineText line={item.line} onHistory={props.onHistory} /> : null}
      {item.kind === 'group' ? <Group item={item} isMarked={isMarked} onHistory={props.onHistory} /> : null}
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
      <h3>
        <FoundWords text={note.title} />
      </h3>
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

/** A section's name stays on the line of its first word. */
const noBreak = '\u00a0';

function Measures({ measures }: { readonly measures: readonly Line[] }) {
  if (measures.length === 0) return null;
  return (
    <p className="measures">
      {measures.map(({ label, detail }) => (
        <span key={`${label} ${detail}`}>
          <FoundWords text={label} />{' '}
          <b>
            <FoundWords text={detail} />
          </b>
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
          <FoundWords text={label} />
          {detail === '' ? (
            ''
          ) : (
            <span className="muted">
              {' '}
              <FoundWords text={detail} />
            </span>
          )}
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
      <h3>
        <FoundWords text={visit.title} />
      </h3>
      {visit.lines.map((line) => (
        <p key={line}>
          <FoundWords text={line} />
        </p>
      ))}
      <Measures measures={visit.measures} />
      <Treatments treatments={visit.treatments} />
      <div className="meta">
        {visit.author === null ? null : <FoundWords text={visit.author} />}
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
        {line.detail === '' ? null : (
          <span className="faint">
            <FoundWords text={`${isSentence ? ' ' : ', '}${line.detail}`} />
          </span>
        )}
        <Origin recordId={line.recordId} />
      </button>{' '}
      {line.save === undefined ? null : <SaveStateMark {...line.save} />}
    </>
  );
}

function Group({
  item,
  isMarked,
  onHistory,
}: {
  readonly item: Extract<TimelineItem, { kind: 'group' }>;
  /** One came for something that is folded in it. */
  readonly isMarked: boolean;
  readonly onHistory: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useOpened(item.key, isMarked);
  return (
    <>
      <span>{item.summary}</span>{' '}
      <span className="fold-button">
        ·{' '}
        <button type="button" className="text-button faint" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('file.fold') : t('file.unfold')}
        </button>
      </span>
      {/* Nothing is folded on paper. */}
      <ul className={isOpen ? 'fold-list' : 'fold-list printed-only'}>
        {item.lines.map((line) => (
          <li key={line.key}>
            <span className="faint">{format.margin(line.day)}</span>
            <LineText line={line.line} onHistory={onHistory} />
          </li>
        ))}
      </ul>
    </>
  );
}
