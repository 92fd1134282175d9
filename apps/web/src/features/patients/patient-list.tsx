import type { PatientRow } from '@serment/replica/directory';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import type { Layout } from '../../ui/layout.ts';
import { ListDrawn } from '../shell/late.ts';
import { safeName, useBirthText, useNameOrNone } from './person.tsx';
import { usePatientRows } from './rows.ts';
import './patients.css';

type Entry =
  | { readonly kind: 'section'; readonly label: string }
  | { readonly kind: 'row'; readonly row: PatientRow | undefined };

const rowHeights: Readonly<Record<Layout, number>> = { desktop: 32, tablet: 44, phone: 62 };
const sectionHeight = 32;
const wholeRows = 12;

interface PatientListProps {
  readonly layout: Layout;
  /** What stands in the place of the list until something is typed. */
  readonly idle?: ReactNode;
}

/** Whoever comes by a key goes on typing a name. */
export function focusFilter(): void {
  document.querySelector<HTMLInputElement>('.patient-filter input')?.focus();
}

/** Every patient of the practice, recent ones first, narrowed as one types; only what is seen is drawn. */
export function PatientList({ layout, idle }: PatientListProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(-1);
  const rows = usePatientRows(query);
  const scroll = useRef<HTMLDivElement>(null);
  const list = useId();
  const { total, recent } = rows;
  const isIdle = idle !== undefined && query.trim() === '';
  // A list that is seen whole needs no second one of those opened last.
  const isLong = total !== null && total > wholeRows;
  const heading = isLong && recent.length > 0 && query.trim() === '' ? recent.length + 2 : 0;
  const count = total === null ? 0 : heading + total;
  const entryAt = (place: number): Entry => {
    if (heading > 0 && place === 0) return { kind: 'section', label: t('shell.recent') };
    if (heading > 0 && place <= recent.length) return { kind: 'row', row: recent[place - 1] };
    if (heading > 0 && place === recent.length + 1) return { kind: 'section', label: t('shell.all') };
    return { kind: 'row', row: rows.at(place - heading) };
  };
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: (place) => (entryAt(place).kind === 'section' ? sectionHeight : rowHeights[layout]),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const onDrawn = useContext(ListDrawn);
  const isDrawn = total === 0 || rows.at(0) !== undefined;
  useEffect(() => {
    if (isDrawn) onDrawn();
  }, [isDrawn, onDrawn]);
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (count > 0) rows.need(Math.max(0, first - heading), Math.max(0, last - heading));
  });
  useEffect(() => {
    setActive(query.trim() === '' ? -1 : 0);
    scroll.current?.scrollTo({ top: 0 });
  }, [query]);
  const open = useCallback(
    (row: PatientRow | undefined) => {
      if (row === undefined) return;
      setQuery('');
      void navigate({ to: '/patients/$id', params: { id: logicalId(row) } });
    },
    [navigate],
  );
  const shown: { id?: string } = useParams({ strict: false });
  /** Typing may be ahead of the answer: what opens is the first of what was typed, never of what is still shown. */
  const openActive = async () => {
    if (isIdle) return;
    if (!rows.isCurrent) {
      const [found] = await engine.search(query, 1);
      open(found);
      return;
    }
    const entry = active < 0 ? null : entryAt(active);
    if (entry?.kind === 'row') open(entry.row);
  };
  const move = (event: KeyboardEvent) => {
    const step = isIdle ? undefined : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      let next = active + step;
      while (next >= 0 && next < count && entryAt(next).kind === 'section') next += step;
      if (next < 0 || next >= count) return;
      setActive(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter') void openActive();
    else if (event.key === 'Escape' && query !== '') setQuery('');
  };
  return (
    <div className="patient-list">
      <div className="patient-filter">
        {layout === 'desktop' && query === '' ? <kbd>Ctrl K</kbd> : null}
        <input
          type="search"
          role="combobox"
          aria-label={t('patients.filter')}
          aria-expanded={!isIdle}
          {...(isIdle ? {} : { 'aria-controls': list })}
          aria-autocomplete="list"
          {...(active >= 0 && active < count ? { 'aria-activedescendant': `${list}-${active}` } : {})}
          placeholder={t(layout === 'desktop' ? 'patients.filterShort' : 'patients.filterPlaceholder')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={move}
          spellCheck={false}
          autoComplete="off"
        />
      </div>
      {isIdle ? (
        idle
      ) : (
        <>
          <p className="patient-count">
            <span role="status">
              {total === null
                ? t('patients.loading')
                : total === 0
                  ? ''
                  : t(query.trim() === '' ? 'patients.count' : rows.isCut ? 'patients.foundMany' : 'patients.found', {
                      count: total,
                    })}
            </span>
            {layout === 'desktop' ? (
              <Link to="/nouveau-patient" search={query.trim() === '' ? {} : { nom: query }}>
                {t('shell.newPatient')}
              </Link>
            ) : null}
          </p>
          {total === 0 ? <NoPatient query={query} /> : null}
          <div className="patient-scroll" ref={scroll} tabIndex={-1}>
            <div
              className="patient-rows"
              role="listbox"
              id={list}
              aria-label={t('patients.title')}
              style={{ height: virtual.getTotalSize() }}
            >
              {items.map((item) => {
                const entry = entryAt(item.index);
                if (entry.kind === 'section')
                  return (
                    <div key={item.key} className="patient-section" role="presentation" style={placed(item)}>
                      {entry.label}
                    </div>
                  );
                const { row } = entry;
                // A row whose page has not come yet keeps its place.
                if (row === undefined)
                  return <div key={item.key} className="patient-row" role="presentation" style={placed(item)} />;
                return (
                  <PatientOption
                    key={item.key}
                    row={row}
                    onOpen={open}
                    id={`${list}-${item.index}`}
                    isActive={item.index === active}
                    isOpen={shown.id === logicalId(row)}
                    layout={layout}
                    size={item.size}
                    start={item.start}
                  />
                );
              })}
            </div>
          </div>
        </>
      )}
    </div>
  );
}

interface PatientOptionProps {
  readonly row: PatientRow;
  readonly id: string;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly layout: Layout;
  readonly onOpen: (row: PatientRow) => void;
  readonly size: number;
  readonly start: number;
}

/** A link, though not the router's: there are many in view, and each of those would look at every step of the address. */
const PatientOption = memo(function PatientOption(props: PatientOptionProps) {
  const { row, id, isActive, isOpen, layout, onOpen, size, start } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const name = useNameOrNone();
  const birth = useBirthText();
  const second = (one: PatientRow) =>
    one.birthFamily === null || one.birthDate === null
      ? birth(one)
      : t(one.sex === 'female' ? 'patients.secondNamed' : 'patients.secondNamedMale', {
          name: safeName(one.birthFamily),
          date: format.fhirDay(one.birthDate),
        });
  const press = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(row);
  };
  const age = row.deceased ? t('patients.deceased') : format.age(row.birthDate);
  return (
    <a
      href={`/patients/${encodeURIComponent(logicalId(row))}`}
      className="patient-row"
      role="option"
      id={id}
      tabIndex={-1}
      onClick={press}
      aria-selected={isActive}
      {...(isOpen ? { 'aria-current': 'page' as const } : {})}
      style={placed({ size, start })}
    >
      <span className="who">
        <b>{name(row)}</b>
        {row.birthFamily === null || layout === 'phone' ? null : (
          <span className="faint"> {safeName(row.birthFamily)}</span>
        )}
      </span>
      {layout === 'desktop' ? null : (
        <span className="second small muted">
          {layout === 'phone' ? second(row) : format.fhirDay(row.birthDate ?? '')}
        </span>
      )}
      <span className="age">{row.conflict ? t('patients.conflict') : age}</span>
    </a>
  );
});

function placed({ size, start }: { readonly size: number; readonly start: number }) {
  return { height: size, transform: `translateY(${start}px)` };
}

function logicalId({ id }: PatientRow): string {
  return id.slice('Patient/'.length);
}

function NoPatient({ query }: { readonly query: string }) {
  const { t } = useTranslation();
  const isFiltered = query.trim() !== '';
  return (
    <div className="empty">
      <p>{isFiltered ? t('patients.noMatch', { query }) : t('patients.none')}</p>
      <Link to="/nouveau-patient" search={isFiltered ? { nom: query } : {}}>
        {isFiltered ? t('shell.newPatient') : t('patients.noneAction')}
      </Link>
    </div>
  );
}
