import { Button } from '@mantine/core';
import type { TextSearchStatus } from '@serment/replica/text-search';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useEngineEvents, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Marked } from '../../ui/marked.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { FoundRecord } from '../../worker/search-desk.ts';
import { useNameOrNone } from '../patients/person.tsx';
import './search.css';

const shownRecords = 30;

/** Words looked for in the notes and documents of all files. */
export function SearchPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { q = '' }: { q?: string } = useSearch({ strict: false });
  const mayRead = useStatus()?.compartments.includes('clinical') === true;
  const asked = useAsked('texts', () => engine.desks.search.status());
  const [told, setTold] = useState<TextSearchStatus | null>(null);
  useEngineEvents((event) => {
    if (event.type === 'texts') setTold(event.status);
  });
  useTitle(t('search.title'));
  const status = told ?? asked.value;
  return (
    <div className="page search-page">
      <h1>{t('search.title')}</h1>
      {mayRead ? null : <Notice tone="plain">{t('search.closed')}</Notice>}
      <Failure error={asked.error} />
      {mayRead && status !== null ? (
        <>
          {status.state === 'off' ? null : <Query key={q} typed={q} />}
          <Reading status={status} />
          {status.state === 'off' || q === '' ? null : <Found query={q} status={status} />}
        </>
      ) : null}
      {mayRead && status === null && asked.error === null ? (
        <p className="muted row-text" role="status">
          {t('vault.loading')}
        </p>
      ) : null}
    </div>
  );
}

/** A search is an act, and leaves traces: it begins when one says so, not at each letter. */
function Query({ typed }: { readonly typed: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const hint = useId();
  const [query, setQuery] = useState(typed);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: '/recherche', search: query.trim() === '' ? {} : { q: query.trim() } });
  };
  return (
    <search>
      <form className="search-form" onSubmit={submit}>
        <input
          type="search"
          aria-label={t('search.label')}
          aria-describedby={hint}
          placeholder={t('search.label')}
          value={query}
          ref={field}
          autoComplete="off"
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <Button type="submit">{t('search.find')}</Button>
      </form>
      <p className="small muted" id={hint}>
        {t('search.hint')}
      </p>
    </search>
  );
}

/** What there is to search in on this device, and how it gets there. */
function Reading({ status }: { readonly status: TextSearchStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const { state, documents } = status;
  const counts = { done: format.number(status.done), total: format.number(status.total) };
  const prepare = () => void run(() => engine.desks.search.prepare());
  const goOn = useRef(prepare);
  // What others wrote since this page was left is read when somebody comes back to it.
  useEffect(() => {
    if (state === 'partial') goOn.current();
  }, [state]);
  if (state === 'off')
    return (
      <section className="search-off">
        <h2>{t('search.offTitle')}</h2>
        <p>{t('search.off')}</p>
        <Failure error={error} />
        <Button loading={isBusy} onClick={prepare}>
          {t('search.prepare')}
        </Button>
      </section>
    );
  if (state === 'ready')
    return (
      <p className="small muted search-state">
        {t('search.ready', { count: documents, texts: format.number(documents) })}{' '}
        <button type="button" className="text-button" onClick={() => void run(() => engine.desks.search.forget())}>
          {t('search.forget')}
        </button>
      </p>
    );
  return (
    <div className="search-state">
      <Progress label={t('search.reading')} done={status.done} total={Math.max(1, status.total)} />
      <p className="small muted" role="status">
        {t(error === null ? 'search.partial' : 'search.stopped', counts)}
      </p>
      <Failure error={error} />
      {error === null ? null : (
        <Button variant="default" loading={isBusy} onClick={prepare}>
          {t('search.goOn')}
        </Button>
      )}
    </div>
  );
}

function Found({ query, status }: { readonly query: string; readonly status: TextSearchStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const isWhole = status.state === 'ready';
  const { value, error } = useAsked(
    `find ${query}`,
    () => engine.desks.search.find(query, shownRecords),
    isWhole ? status.documents : -1,
  );
  if (error !== null) return <Failure error={error} />;
  if (value === null) return null;
  const { records, total } = value;
  return (
    <section aria-label={t('search.results')}>
      <p className="search-count" role="status">
        {total === 0
          ? t(isWhole ? 'search.none' : 'search.nonePartial')
          : total > records.length
            ? t('search.foundPart', { texts: format.number(total), shown: records.length })
            : t('search.found', { count: total, texts: format.number(total) })}
      </p>
      <ul className="search-list">
        {records.map((found) => (
          <FoundLine key={`${found.row.id} ${found.record}`} found={found} />
        ))}
      </ul>
      {records.length === 0 ? null : <p className="small faint">{t('search.traced')}</p>}
    </section>
  );
}

function FoundLine({ found }: { readonly found: FoundRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNameOrNone();
  const { row, record, day, title, extract } = found;
  return (
    <li>
      <Link to="/patients/$id" params={{ id: row.id.slice('Patient/'.length) }} search={{ fiche: record }}>
        <span className="search-who">
          <span className="name">{nameOf(row)}</span>
          <span className="muted">{format.age(row.birthDate)}</span>
          <span className="search-day">{day === '' ? t('search.undated') : format.fhirDay(day)}</span>
        </span>
        <span className="search-title">
          <Marked segments={title} />
        </span>
        <span className="search-extract">
          <Marked segments={extract} />
        </span>
      </Link>
    </li>
  );
}
