import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  startTransition,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import type { TimelineItem } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useLayout } from '../../ui/layout.ts';
import './spine.css';

interface SpineProps {
  readonly items: readonly TimelineItem[];
  /** Place of the item that one came for; -1 for none. */
  readonly target: number;
  /** Changes when one comes for something. */
  readonly targetKey: string;
  readonly children: (item: TimelineItem, more: { place: number; isReached: boolean }) => ReactNode;
}

/** So many are drawn at once: the browser's own search finds all of them. */
const wholeItems = 60;
/** Under the banner, which stays over a phone's page. */
const phoneBanner = 150;

/**
 * Items on one spine, the years in the margin. What the window shows is drawn first, the rest once that stands; of a long
 * one, only what is seen, in its order and with what has the focus; all of it when it is printed. Arrows move from one
 * item to the next, a year jumps to its first one.
 */
export function Spine({ items, target, targetKey, children }: SpineProps) {
  const { t } = useTranslation();
  const layout = useLayout();
  const isPrinting = usePrinting();
  const list = useRef<HTMLDivElement>(null);
  const margin = useMargin(list);
  const [activeKey, setActiveKey] = useState('');
  const found = items.findIndex(({ key }) => key === activeKey);
  const active = Math.max(found, 0);
  const isWhole = isPrinting || items.length <= wholeItems;
  const [isStanding, setStanding] = useState(target >= 0);
  useEffect(() => startTransition(() => setStanding(true)), []);
  const years = yearsOf(items);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrollOf(list.current),
    estimateSize: (place) => estimatedHeight(items[place]),
    getItemKey: (place) => items[place]?.key ?? place,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), active])].sort((left, right) => left - right),
    initialRect: { width: innerWidth, height: innerHeight },
    scrollMargin: margin,
    scrollPaddingStart: layout === 'phone' ? phoneBanner : 8,
    overscan: 6,
  });
  const wanted = useRef<'start' | 'nearest' | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const element = list.current?.querySelector<HTMLElement>(`[data-index="${active}"] [data-item]`);
    element?.focus({ preventScroll: true });
    if (wanted.current === 'start') virtual.scrollToIndex(active, { align: 'start' });
    else element?.scrollIntoView({ block: 'nearest' });
    wanted.current = null;
  });
  const reach = (place: number, align: 'start' | 'nearest') => {
    const item = items[place];
    if (item === undefined) return;
    wanted.current = align;
    setActiveKey(item.key);
    setStanding(true);
  };
  const reached = useRef('');
  useLayoutEffect(() => {
    if (target < 0 || reached.current === targetKey) return;
    reached.current = targetKey;
    reach(target, 'start');
  });
  const move = (event: KeyboardEvent) => {
    const from = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (from === null || isField(event.target)) return;
    const place = Number(from.dataset.index);
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined || items[next] === undefined) return;
    event.preventDefault();
    reach(next, 'nearest');
  };
  const range = virtual.range;
  const isActiveSeen = range !== null && active >= range.startIndex && active <= range.endIndex;
  const current = yearOf(items[isActiveSeen && found >= 0 ? active : (range?.startIndex ?? 0)]);
  const isLong = virtual.getTotalSize() > (virtual.scrollRect?.height ?? innerHeight);
  const begun = isStanding || isPrinting ? items.length : fitting(items, innerHeight);
  const drawn = isWhole
    ? items.slice(0, begun).map((_, index) => ({ index, start: 0, end: 0 }))
    : virtual.getVirtualItems();
  const last = drawn.at(-1)?.end ?? 0;
  let end = margin;
  return (
    <div className="spine" data-with-years={layout !== 'phone' && years.length > 1}>
      {layout === 'phone' || years.length < 2 || !isLong ? null : (
        <nav className="spine-years" aria-label={t('timeline.years')}>
          {years.map(({ year, place }) => (
            <button
              key={year}
              type="button"
              onClick={() => reach(place, 'start')}
              {...(year === current ? { 'aria-current': 'true' as const } : {})}
            >
              {year === '' ? t('file.undated') : year}
            </button>
          ))}
        </nav>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows are a shorter way between items that can all be reached otherwise. */}
      <div
        className="spine-items"
        ref={list}
        onKeyDown={move}
        onFocus={({ target: focused }) => {
          const place = Number(focused.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
          const item = items[place];
          if (item !== undefined && item.key !== activeKey) setActiveKey(item.key);
        }}
      >
        {drawn.map(({ index, start, end: itemEnd }) => {
          const item = items[index];
          if (item === undefined) return null;
          const gap = start - end;
          end = itemEnd;
          return (
            <Fragment key={item.key}>
              {isWhole || gap <= 0 ? null : <div className="spine-gap" style={{ height: gap }} />}
              <div ref={virtual.measureElement} data-index={index}>
                <Year items={items} place={index} />
                {children(item, { place: index, isReached: index === active })}
              </div>
            </Fragment>
          );
        })}
        {isWhole ? null : (
          <div className="spine-gap" style={{ height: Math.max(0, virtual.getTotalSize() + margin - last) }} />
        )}
      </div>
    </div>
  );
}

/** Before the first item of each year but this one, whose days say enough. */
function Year({ items, place }: { readonly items: readonly TimelineItem[]; readonly place: number }) {
  const { t } = useTranslation();
  const year = yearOf(items[place]);
  const before = place === 0 ? String(new Date().getFullYear()) : yearOf(items[place - 1]);
  if (year === before) return null;
  return <p className="year">{year === '' ? t('file.undated') : year}</p>;
}

function yearOf(item: TimelineItem | undefined): string {
  return item?.day.slice(0, 4) ?? '';
}

function yearsOf(items: readonly TimelineItem[]): { readonly year: string; readonly place: number }[] {
  return items.flatMap((item, place) => {
    const year = yearOf(item);
    return place === 0 || year !== yearOf(items[place - 1]) ? [{ year, place }] : [];
  });
}

/** How many items fill that height, px, by their estimates. */
function fitting(items: readonly TimelineItem[], height: number): number {
  let filled = 0;
  const last = items.findIndex((item) => {
    filled += estimatedHeight(item);
    return filled >= height;
  });
  return last < 0 ? items.length : last + 1;
}

/** Near enough until an item is drawn and measured, px. */
function estimatedHeight(item: TimelineItem | undefined): number {
  if (item === undefined || item.kind === 'line' || item.kind === 'group') return 31;
  const texts = item.kind === 'note' ? item.note.sections.map(({ text }) => text) : item.visit.lines;
  return 86 + 22 * Math.ceil(texts.reduce((length, text) => length + text.length, 0) / 85);
}

function isField(target: EventTarget): boolean {
  return target instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** What scrolls is the column, the page or the past, by the layout. */
function scrollOf(element: HTMLElement | null): HTMLElement | null {
  for (let one = element?.parentElement ?? null; one !== null; one = one.parentElement)
    if (/auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  return null;
}

/** How far below the start of what scrolls the items begin, px: a note that is written above moves them. */
function useMargin(list: { readonly current: HTMLElement | null }): number {
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const [own, scroll] = [list.current, scrollOf(list.current)];
      if (own === null || scroll === null) return;
      const top = own.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
      setMargin(Math.max(0, Math.round(top + scroll.scrollTop)));
    };
    const observer = new ResizeObserver(measure);
    const scroll = scrollOf(list.current);
    for (let one = list.current; one !== null && one !== scroll; one = one.parentElement) observer.observe(one);
    measure();
    return () => observer.disconnect();
  }, [list]);
  return margin;
}

/** True from the moment that the page is about to be printed: what is not seen is on paper too. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const stop = () => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', stop);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', stop);
    };
  }, []);
  return isPrinting;
}
