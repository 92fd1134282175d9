import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Octagon, Triangle } from '../../ui/marks.tsx';
import { useNow } from '../../ui/now.ts';
import type { WaitingRow } from '../../worker/inbox-desk.ts';
import { safeName, useNameOrNone } from '../patients/person.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import { FlagMark } from './results-table.tsx';

interface ReceivedListProps {
  readonly items: readonly WaitingRow[];
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

const sections = ['to-read', 'to-file', 'to-tell', 'others'] as const;

/** What waits for one person to read; what others read stands apart. */
export function sectionOf({ kind, isMine }: WaitingRow): (typeof sections)[number] {
  return kind === 'to-read' && !isMine ? 'others' : kind;
}

/** In the order of the list, as one goes from one to the next. */
export function inOrder(items: readonly WaitingRow[]): WaitingRow[] {
  return sections.flatMap((section) => items.filter((item) => sectionOf(item) === section));
}

/** What waits, the oldest first in each part. */
export function ReceivedList({ items, selected, onSelect }: ReceivedListProps) {
  const { t } = useTranslation();
  return (
    <div className="inbox-list">
      {sections.map((section) => {
        const own = items.filter((item) => sectionOf(item) === section);
        if (own.length === 0) return null;
        return (
          <section key={section}>
            <h2>
              {section === 'others' ? t('inbox.others') : t(`inbox.section.${section}`)} <b>{own.length}</b>
            </h2>
            <ul>
              {own.map((item) => (
                <li key={item.id}>
                  <Row item={item} isSelected={item.id === selected} onSelect={onSelect} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

interface RowProps {
  readonly item: WaitingRow;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
}

function Row({ item, isSelected, onSelect }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const nameOf = useNameOrNone();
  const { id, kind, patient, isRestricted, title, at, isLate, isUrgent, state, stated } = item;
  const none = [t('inbox.noPatient'), safeName([stated?.family, stated?.given].filter(Boolean).join(' '))];
  const whose = patient === null ? none.filter((part) => part !== '').join(' · ') : nameOf(patient);
  const name = isRestricted ? t('inbox.restricted') : whose;
  const when = { when: format.moment(at, now) };
  return (
    <button type="button" className="inbox-row" aria-current={isSelected} onClick={() => onSelect(id)}>
      <span className="inbox-row-name" data-none={patient === null}>
        {name} {state === 'device' || state === 'refused' ? <SaveStateMark state={state} savedAt={at} /> : null}
      </span>
      <span>{safeName(title)}</span>
      <OutOfRange item={item} />
      <span className="muted">{t(kind === 'to-tell' ? 'inbox.askedAt' : 'inbox.receivedAt', when)}</span>
      {isUrgent ? (
        <span className="red">
          <Octagon size={12} /> {t('inbox.urgent')}
        </span>
      ) : null}
      {isLate ? (
        <span className="amber">
          <Triangle size={12} /> {t('inbox.late')}
        </span>
      ) : null}
      <Routed item={item} />
    </button>
  );
}

/** What its laboratory found out of range, the most out first: what one reads first, and by when. */
function OutOfRange({ item: { outOfRange, othersOut } }: { readonly item: WaitingRow }) {
  const { t } = useTranslation();
  if (outOfRange.length === 0) return null;
  return (
    <span className="inbox-out">
      {outOfRange.map(({ label, value, flag }) => (
        <span key={label}>
          {safeName(label)}{' '}
          <span className="result-flag">
            <b>{safeName(value)}</b>
            {'\u00a0'}
            <FlagMark flag={flag} />
          </span>{' '}
        </span>
      ))}
      {othersOut === 0 ? null : <span className="muted">{t('inbox.othersOut', { count: othersOut })}</span>}
    </span>
  );
}

/** Whom it waits for, where that is somebody in particular, and who reads while that one is away. */
export function Routed({ item }: { readonly item: WaitingRow }) {
  const { t } = useTranslation();
  const { owner, reader, ownerName, readerName, isMine } = item;
  if (owner === null || (isMine && owner === reader)) return null;
  const who = safeName(ownerName ?? t('file.someone'));
  if (owner === reader) return <span className="muted">{t('inbox.forReader', { who })}</span>;
  return <span className="muted">{t('inbox.routed', { who, reader: safeName(readerName ?? t('file.someone')) })}</span>;
}
