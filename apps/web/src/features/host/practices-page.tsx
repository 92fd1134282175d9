import { Button, NativeSelect, TextInput } from '@mantine/core';
import { bytesToHex } from '@serment/core/bytes';
import {
  type ConsoleCopy,
  type ConsolePractice,
  type PracticeFilter,
  type PracticeSort,
  practiceFilters,
  practiceSorts,
  practicesShown,
} from '@serment/core/wire/console';
import { useState } from 'react';
import { CodeWords } from './code-words.tsx';
import { linkTo } from './console-place.ts';
import { useConsole } from './console-session.ts';
import { pseudonymOf, useConsoleWords } from './console-words.ts';
import { Heads } from './heads.tsx';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { useView } from './use-view.ts';

/** The practices that this host keeps, by their pseudonyms, a page at a time. */
export function PracticesPage() {
  const { t } = useConsoleWords();
  const { session } = useConsole();
  const [sort, setSort] = useState<PracticeSort>('written');
  const [filter, setFilter] = useState<PracticeFilter>('all');
  const [typed, setTyped] = useState('');
  const [from, setFrom] = useState(0);
  const search = typed.trim().toLowerCase();
  const isPseudonym = /^[0-9a-f]{0,64}$/.test(search);
  const asked = { sort, filter, search: isPseudonym ? search : '', from };
  const view = useView(`practices?${JSON.stringify(asked)}`, () => hostClient.practices(session.token, asked));
  const choose = (change: () => void) => {
    change();
    setFrom(0);
  };
  return (
    <PageFrame title={t('console.page.practices')} view={view}>
      {({ time, total, count, practices }) => (
        <>
          <div className="console-tools">
            <TextInput
              label={t('console.search')}
              value={typed}
              onChange={(event) => choose(() => setTyped(event.currentTarget.value))}
              error={isPseudonym ? null : t('console.searchWrong')}
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
            />
            <NativeSelect
              label={t('console.show')}
              value={filter}
              onChange={({ currentTarget: { value } }) =>
                choose(() => setFilter(practiceFilters.find((one) => one === value) ?? 'all'))
              }
              data={practiceFilters.map((value) => ({ value, label: t(`console.filter.${value}`) }))}
            />
            <NativeSelect
              label={t('console.sortBy')}
              value={sort}
              onChange={({ currentTarget: { value } }) =>
                choose(() => setSort(practiceSorts.find((one) => one === value) ?? 'written'))
              }
              data={practiceSorts.map((value) => ({ value, label: t(`console.sort.${value}`) }))}
            />
          </div>
          <p className="muted row-text" role="status">
            {count === total ? t('console.practiceCount', { count }) : t('console.countOf', { count, total })}
          </p>
          {practices.length === 0 ? (
            <p className="empty">{total === 0 ? t('operators.empty') : t('console.noneSo')}</p>
          ) : (
            <Practices practices={practices} nowMs={time} />
          )}
          {count > practicesShown ? <Pages from={from} count={count} onFrom={setFrom} /> : null}
        </>
      )}
    </PageFrame>
  );
}

interface PagesProps {
  readonly from: number;
  readonly count: number;
  readonly onFrom: (from: number) => void;
}

function Pages({ from, count, onFrom }: PagesProps) {
  const { t, format } = useConsoleWords();
  const to = Math.min(count, from + practicesShown);
  const turn = (next: number) => {
    onFrom(next);
    scrollTo(0, 0);
  };
  return (
    <nav className="console-pages" aria-label={t('console.turn')}>
      <Button variant="default" disabled={from === 0} onClick={() => turn(Math.max(0, from - practicesShown))}>
        {t('console.before')}
      </Button>
      <span className="muted row-text">
        {t('console.fromTo', { from: format.number(from + 1), to: format.number(to), count: format.number(count) })}
      </span>
      <Button variant="default" disabled={to >= count} onClick={() => turn(from + practicesShown)}>
        {t('console.after')}
      </Button>
    </nav>
  );
}

const heads = ['practice', 'size', 'growth', 'written', 'copies', 'restored', 'verified', 'alarms'] as const;

interface PracticesProps {
  readonly practices: readonly ConsolePractice[];
  readonly nowMs: number;
}

function Practices({ practices, nowMs }: PracticesProps) {
  return (
    <table className="host-table">
      <Heads names={heads} />
      <tbody>
        {practices.map((one) => (
          <Row key={bytesToHex(one.practice)} one={one} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}

/** One practice: a line of a table, or, on a telephone, a short list of its own. */
function Row({ one, nowMs }: { readonly one: ConsolePractice; readonly nowMs: number }) {
  const { t, format, size } = useConsoleWords();
  const { bytes, growth, written, alarms, suspended, copies } = one;
  const place = { page: 'practice', practice: bytesToHex(one.practice) } as const;
  return (
    <tr>
      <th scope="row" data-column="practice">
        <a {...linkTo(place)}>
          <code title={place.practice}>{pseudonymOf(one)}</code>
        </a>
        {suspended === null ? null : <span className="amber small"> {t('console.suspended')}</span>}
      </th>
      <td data-label={t('console.head.size')} data-column="size">
        {size(bytes)}
      </td>
      <td data-label={t('console.head.growth')} data-column="growth">
        {growth === 0 ? <span className="faint">0</span> : `+${size(growth)}`}
      </td>
      <td data-label={t('console.head.written')}>{format.moment(written, nowMs)}</td>
      <td data-label={t('console.head.copies')}>
        {copies.length === 0 ? <span className="amber">{t('operators.noCopy')}</span> : null}
        {copies.map((copy) => (
          <span key={copy.name} className="host-copy">
            <span className="host-copy-name">{copy.name}</span> <CopyState copy={copy} />
          </span>
        ))}
      </td>
      <td data-label={t('console.head.restored')}>
        {copies.map((copy) => (
          <span key={copy.name} className="host-copy">
            <Restored copy={copy} nowMs={nowMs} />
          </span>
        ))}
      </td>
      <td data-label={t('console.head.verified')}>
        {copies.map((copy) => (
          <span key={copy.name} className="host-copy">
            <Verified copy={copy} nowMs={nowMs} />
          </span>
        ))}
      </td>
      <td data-label={t('console.head.alarms')} data-column="alarms" className={alarms > 0 ? 'amber' : ''}>
        {format.number(alarms)}
      </td>
    </tr>
  );
}

export function CopyState({ copy: { state, lagMs } }: { readonly copy: ConsoleCopy }) {
  const { t, duration } = useConsoleWords();
  const words =
    state === 'behind' && lagMs !== null ? t('operators.behindFor', { lag: duration(lagMs) }) : t(`operators.${state}`);
  return <span className={state === 'failing' ? 'red' : state === 'behind' ? 'amber' : 'muted'}>{words}</span>;
}

interface ProofProps {
  readonly copy: ConsoleCopy;
  readonly nowMs: number;
}

export function Restored({ copy: { restoredAt, restoreFailed }, nowMs }: ProofProps) {
  const { t, ago } = useConsoleWords();
  if (restoreFailed !== null)
    return (
      <span>
        <span className="red">{t('console.failed')}</span> <CodeWords code={restoreFailed} />
      </span>
    );
  return <span className={restoredAt === null ? 'faint' : ''}>{ago(restoredAt, nowMs)}</span>;
}

export function Verified({ copy: { verifiedAt, verifiedFindings }, nowMs }: ProofProps) {
  const { t, ago } = useConsoleWords();
  const findings = verifiedFindings ?? 0;
  if (findings > 0) return <span className="red">{t('operators.findings', { count: findings })}</span>;
  return <span className={verifiedAt === null ? 'faint' : ''}>{ago(verifiedAt, nowMs)}</span>;
}
