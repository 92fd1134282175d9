import { TextInput } from '@mantine/core';
import { growthIndicators } from '@serment/records/growth/growth-table';
import type { TableKind } from '@serment/records/tables/table-record';
import type { TableVersion, TableView } from '@serment/replica/reference-tables';
import { useId, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSession, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { FileCheck } from '../../worker/tables-desk.ts';
import { SaveStateMark } from '../shell/save-state.tsx';
import { useProblemWords } from './problem-words.ts';

interface TableSectionProps {
  readonly kind: TableKind;
  /** Null where none was loaded. */
  readonly table: TableView | null;
  readonly onChanged: () => void;
}

/** One kind of table: what is in force, how to load another, and the versions before it. */
export function TableSection({ kind, table, onChanged }: TableSectionProps) {
  const { t } = useTranslation();
  const session = useSession();
  const practiceName = useStatus()?.practiceName ?? t('tables.savedOf');
  const { isBusy, error, run } = useAttempt();
  const [edition, setEdition] = useState('');
  const [refused, setRefused] = useState<readonly FileCheck[]>([]);
  const [isLoaded, setLoaded] = useState(false);
  const saved = (id: string) => {
    session.saved({ id, what: t('tables.saved'), patient: practiceName });
    setLoaded(true);
    onChanged();
  };
  const load = (files: readonly File[]) =>
    run(async () => {
      setRefused([]);
      setLoaded(false);
      if (files.length === 0) return;
      const loading = await session.engine.desks.tables.load({ kind, edition, files });
      if (loading.id === null) setRefused(loading.files.filter(({ problem }) => problem !== null));
      else saved(loading.id);
    });
  const restore = (version: string) =>
    run(async () => saved((await session.engine.desks.tables.restore(kind, version)).id));
  return (
    <section className="table-section" aria-label={t(`tables.kind.${kind}.title`)}>
      <h2>{t(`tables.kind.${kind}.title`)}</h2>
      <p className="muted row-text">{t(`tables.kind.${kind}.detail`)}</p>
      {table === null ? <p className="row-text">{t('tables.none')}</p> : <InForce table={table} />}
      {table?.isConflict === true ? <Notice tone="amber">{t('tables.conflict')}</Notice> : null}
      {isLoaded && !isBusy ? <Notice tone="plain">{t('tables.loaded')}</Notice> : null}
      <Refused files={refused} />
      <Failure error={error} />
      {kind === 'cim10' ? (
        <TextInput
          className="table-edition"
          label={t('tables.edition')}
          description={t('tables.editionHint')}
          maxLength={80}
          value={edition}
          onChange={(event) => setEdition(event.currentTarget.value)}
        />
      ) : null}
      <Chooser kind={kind} hasTable={table !== null} isBusy={isBusy} onChoose={(files) => void load(files)} />
      {table === null ? null : (
        <Versions kind={kind} current={table.version} onRestore={(version) => void restore(version)} />
      )}
    </section>
  );
}

function InForce({ table }: { readonly table: TableView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isGrowth = table.kind === 'who-growth';
  const missing = isGrowth ? growthIndicators.filter((part) => !table.files.some((file) => file.part === part)) : [];
  return (
    <div className="table-now">
      <p>
        <b>{table.edition}</b> <SaveStateMark state={table.state} />
      </p>
      <p className="muted small">
        {t('tables.by', { who: table.authorName ?? t('tables.someone'), when: format.moment(table.at) })}
      </p>
      <ul>
        {table.files.map((file) => (
          <li key={file.blobId}>
            <span>
              {file.name} <span className="muted">{format.size(file.size)}</span>{' '}
              <span className={file.isOfficial ? 'muted' : 'amber'}>
                {t(
                  file.sha256 === '' ? 'tables.unknownHash' : file.isOfficial ? 'tables.official' : 'tables.unofficial',
                )}
              </span>
            </span>
            <code title={file.sha256}>{t('tables.fingerprint', { hash: file.sha256.slice(0, 16) })}…</code>
          </li>
        ))}
        {missing.map((part) => (
          <li key={part}>
            <span>
              {t(`tables.part.${part}`)} <span className="muted">{t('tables.none')}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Nothing is taken of a choice in which a file is wrong: each is said, with its line. */
function Refused({ files }: { readonly files: readonly FileCheck[] }) {
  const { t } = useTranslation();
  const words = useProblemWords();
  if (files.length === 0) return null;
  return (
    <Notice tone="red" title={t('tables.refused')}>
      {files.map((file) => (
        <span key={file.name} className="notice-line">
          {words(file)}
        </span>
      ))}
    </Notice>
  );
}

interface ChooserProps {
  readonly kind: TableKind;
  readonly hasTable: boolean;
  readonly isBusy: boolean;
  readonly onChoose: (files: readonly File[]) => void;
}

function Chooser({ kind, hasTable, isBusy, onChoose }: ChooserProps) {
  const { t } = useTranslation();
  const input = useId();
  const choose = kind === 'who-growth' ? 'tables.choose' : 'tables.chooseOne';
  return (
    <div className="table-chooser">
      <input
        id={input}
        type="file"
        className="table-input"
        multiple={kind === 'who-growth'}
        accept=".txt,.csv,.tsv,text/plain,text/csv,text/tab-separated-values"
        disabled={isBusy}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file may be chosen again once it is mended.
          event.currentTarget.value = '';
          onChoose(files);
        }}
      />
      <label htmlFor={input} className="link-button">
        {isBusy ? t('tables.checking') : t(hasTable ? 'tables.replace' : choose)}
        <span className="hidden-text"> {t(`tables.kind.${kind}.title`)}</span>
      </label>
    </div>
  );
}

interface VersionsProps {
  readonly kind: TableKind;
  readonly current: string;
  readonly onRestore: (version: string) => void;
}

function Versions({ kind, current, onRestore }: VersionsProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="table-versions" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="row-text">{t('tables.history')}</summary>
      {isOpen ? <VersionList kind={kind} current={current} onRestore={onRestore} /> : null}
    </details>
  );
}

function VersionList({ kind, current, onRestore }: VersionsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { value, error } = useAsked(`table ${kind} ${current}`, () => engine.desks.tables.history(kind));
  const others = (value ?? []).filter(({ version }) => version !== current);
  const line = (one: TableVersion) =>
    [one.edition, t('tables.by', { who: one.authorName ?? t('tables.someone'), when: format.moment(one.at) })].join(
      ', ',
    );
  return (
    <>
      <Failure error={error} />
      {value !== null && others.length === 0 ? <p className="muted row-text">{t('tables.noHistory')}</p> : null}
      <ul>
        {others.map((one) => (
          <li key={one.version}>
            <span>{line(one)}</span>
            <button type="button" className="text-button" onClick={() => onRestore(one.version)}>
              {t('tables.again')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
