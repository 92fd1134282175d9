import { useTranslation } from '../../i18n/use-translation.ts';
import { Cross } from '../../ui/marks.tsx';
import type { CapturedPage } from './captured.ts';
import { useBlobUrl } from './use-blob-url.ts';

interface PageGridProps {
  readonly pages: readonly CapturedPage[];
  readonly onAdjust: (page: CapturedPage) => void;
  readonly onTurn: (page: CapturedPage) => void;
  readonly onRemove: (page: CapturedPage) => void;
  readonly onEarlier: (page: CapturedPage) => void;
}

/** The pages as they will be, in their order. */
export function PageGrid({ pages, ...acts }: PageGridProps) {
  return (
    <ol className="page-grid">
      {pages.map((page, place) => (
        <PageTile key={page.key} page={page} place={place} {...acts} />
      ))}
    </ol>
  );
}

function PageTile({
  page,
  place,
  onAdjust,
  onTurn,
  onRemove,
  onEarlier,
}: Omit<PageGridProps, 'pages'> & { readonly page: CapturedPage; readonly place: number }) {
  const { t } = useTranslation();
  const url = useBlobUrl(page.jpeg);
  const number = { page: place + 1 };
  return (
    <li>
      {url === '' ? null : <img src={url} alt={t('documents.pageNumber', number)} loading="lazy" decoding="async" />}
      <div className="page-acts">
        <span className="muted small">{place + 1}</span>
        <button
          type="button"
          className="text-button small"
          aria-label={t('documents.adjustPage', number)}
          onClick={() => onAdjust(page)}
        >
          {t('documents.adjust')}
        </button>
        <button
          type="button"
          className="icon"
          aria-label={t('documents.turnPage', number)}
          onClick={() => onTurn(page)}
        >
          <span aria-hidden="true">↻</span>
        </button>
        <button
          type="button"
          className="icon"
          aria-label={t('documents.earlier', number)}
          disabled={place === 0}
          onClick={() => onEarlier(page)}
        >
          <span aria-hidden="true">←</span>
        </button>
        <button
          type="button"
          className="icon"
          aria-label={t('documents.removePage', number)}
          onClick={() => onRemove(page)}
        >
          <Cross />
        </button>
      </div>
    </li>
  );
}
