import { Button } from '@mantine/core';
import { textTerms } from '@serment/replica/text-index';
import { useEffect, useMemo, useRef, useState } from 'react';
import { filterOf, kindCounts, placeOfRecord, unfoldRuns } from '../../file-view/timeline-filter.ts';
import type { FileView, TimelineItem } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { PrintedChoice } from './printed-choice.tsx';
import { Spine } from './spine.tsx';
import { useTimelineAddress } from './timeline-address.ts';
import { TimelineFilterRow } from './timeline-filter.tsx';
import { Group, LineText, Visit } from './timeline-lines.tsx';
import { TimelineLookContext } from './timeline-look.ts';
import { Note, type NoteActs } from './timeline-note.tsx';
import './timeline.css';

interface TimelineProps {
  readonly file: FileView;
  readonly patient: string;
  /** Notes that are open in an editor: they are not shown twice. */
  readonly editingIds: readonly string[];
  readonly onHistory: (recordId: string) => void;
  /** Null where nothing can be written: the file of an instant that is past. */
  readonly acts: (NoteActs & { readonly onStart: () => void }) | null;
}

/** What happened on one spine, newest first, narrowed by a kind and by words, and printed as it is narrowed. */
export function Timeline(props: TimelineProps) {
  const { t } = useTranslation();
  const { file, editingIds, onHistory, acts } = props;
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
  const isWhole = file.isComplete;
  if (all.length === 0)
    return editingIds.length > 0 || !file.canReadClinical ? null : (
      <div className="empty">
        <p>{t(isWhole ? 'file.empty' : 'timeline.emptyPartial')}</p>
        {acts === null || !isWhole ? null : (
          <Button variant="default" onClick={acts.onStart}>
            {t('file.start')}
          </Button>
        )}
      </div>
    );
  return (
    <TimelineLookContext value={look}>
      <h2 className="hidden-text">{t('file.timeline')}</h2>
      {acts === null ? null : (
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
