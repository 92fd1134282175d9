import type { DrillCalendar, DrillNight } from '@serment/core/wire/console';
import { useState } from 'react';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useConsole } from './console-session.ts';
import { useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { RunList } from './run-list.tsx';
import { useView } from './use-view.ts';

const nightsShown = 31;

/** How each night went at each copy, the last one first. */
export function DrillsPage() {
  const { t } = useConsoleWords();
  const { session } = useConsole();
  const [open, setOpen] = useState<DrillNight | null>(null);
  const view = useView('drills', () => hostClient.calendar(session.token));
  return (
    <PageFrame title={t('console.page.drills')} view={view}>
      {(calendar) => (
        <>
          {calendar.nights.length === 0 ? (
            <p className="empty">{t('console.noNight')}</p>
          ) : (
            <Calendar calendar={calendar} onOpen={setOpen} />
          )}
          {open === null ? null : <NightSheet night={open} nowMs={calendar.time} onClose={() => setOpen(null)} />}
        </>
      )}
    </PageFrame>
  );
}

interface CalendarProps {
  readonly calendar: DrillCalendar;
  readonly onOpen: (night: DrillNight) => void;
}

function Calendar({ calendar: { nights, night: current, isOver }, onOpen }: CalendarProps) {
  const { t, night: nightText } = useConsoleWords();
  const [isAll, setAll] = useState(false);
  const copies = [...new Set(nights.map(({ copy }) => copy))].sort();
  const byNight = [...Map.groupBy(nights, ({ night }) => night)].reverse();
  const shown = isAll ? byNight : byNight.slice(0, nightsShown);
  return (
    <>
      <table className="host-table console-calendar">
        <thead>
          <tr>
            <th scope="col">{t('console.night')}</th>
            {copies.map((copy) => (
              <th key={copy} scope="col">
                {copy}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(([name, own]) => (
            <tr key={name}>
              <th scope="row">{nightText(name)}</th>
              {copies.map((copy) => {
                const one = own.find((of) => of.copy === copy);
                const isOpen = name === current && !isOver;
                return (
                  <td key={copy} data-label={copy}>
                    {one === undefined ? (
                      <span className="faint">{t('console.noRunThen')}</span>
                    ) : (
                      <button type="button" className="text-button" onClick={() => onOpen(one)}>
                        <span className="hidden-text">{t('console.openNight', { day: nightText(name), copy })} </span>
                        <Counts night={one} isOpen={isOpen} />
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {byNight.length > shown.length ? (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {t('console.olderNights', { count: byNight.length - shown.length })}
        </button>
      ) : null}
    </>
  );
}

function Counts({ night: { proven, failed, inconclusive, open }, isOpen }: { night: DrillNight; isOpen: boolean }) {
  const { t } = useConsoleWords();
  const parts = [
    [proven, 'proven', 'console.nightProven'],
    [failed, 'red', 'console.nightFailed'],
    [inconclusive, 'amber', 'console.nightInconclusive'],
    [open, isOpen ? 'muted' : 'amber', isOpen ? 'console.nightWaiting' : 'console.nightLate'],
  ] as const;
  const told = parts.filter(([count]) => count > 0);
  return (
    <span className="console-counts">
      {told.map(([count, tone, words]) => (
        <span key={words} className={tone}>
          {t(words, { count })}
        </span>
      ))}
    </span>
  );
}

interface NightSheetProps {
  readonly night: DrillNight;
  readonly nowMs: number;
  readonly onClose: () => void;
}

function NightSheet({ night: { night, copy }, nowMs, onClose }: NightSheetProps) {
  const { t, night: nightText } = useConsoleWords();
  const { session } = useConsole();
  const { value, error } = useView(`runs ${night} ${copy}`, () => hostClient.runs(session.token, night, copy));
  return (
    <Sheet title={t('console.nightAt', { day: nightText(night), copy })} onClose={onClose}>
      <Failure error={error} />
      {value === null ? (
        error === null ? (
          <p className="muted">{t('console.loading')}</p>
        ) : null
      ) : (
        <RunList runs={value} named nowMs={nowMs} />
      )}
    </Sheet>
  );
}
