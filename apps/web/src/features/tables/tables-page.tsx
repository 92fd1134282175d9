import { type TableKind, tableKinds } from '@serment/records/tables/table-record';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { useFollowed } from '../deposits/use-deposits.ts';
import { TableSection } from './table-section.tsx';
import './tables.css';

/** What the practice loads once for all its readers: each table with where it comes from, and its earlier versions. */
export function TablesPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const mayRead = useStatus()?.compartments.includes('clinical') ?? false;
  useTitle(t('tables.title'));
  return (
    <div className="page tables-page">
      <BackLink to="/coffre">{t('vault.title')}</BackLink>
      <h1>{t('tables.title')}</h1>
      {mayRead ? (
        <>
          <p className="muted tables-lead">{t('tables.lead')}</p>
          <Tables list={() => engine.desks.tables.list()} />
        </>
      ) : (
        <p className="empty">{t('tables.hidden')}</p>
      )}
    </div>
  );
}

type Listed = Awaited<ReturnType<ReturnType<typeof useEngine>['desks']['tables']['list']>>;

function Tables({ list }: { readonly list: () => Promise<Listed> }) {
  const { t } = useTranslation();
  const { value, error, again } = useFollowed('tables', list);
  const of = (kind: TableKind) => value?.find((table) => table.kind === kind) ?? null;
  if (value === null)
    return error === null ? (
      <p className="muted row-text" role="status">
        {t('tables.loading')}
      </p>
    ) : (
      <Failure
        error={error}
        action={
          <button type="button" className="text-button" onClick={again}>
            {t('app.retry')}
          </button>
        }
      />
    );
  return tableKinds.map((kind) => <TableSection key={kind} kind={kind} table={of(kind)} onChanged={again} />);
}
