import type { BatchPage } from '../../file-view/scanned-batch.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useBlobUrl } from '../documents/use-blob-url.ts';

export interface TileAct {
  readonly label: string;
  /** Told apart from the same act of another page. */
  readonly name: string;
  readonly run: () => void;
}

interface PageTileProps {
  readonly batch: string;
  readonly page: BatchPage;
  readonly place: number;
  readonly acts: readonly TileAct[];
  readonly onOpen: () => void;
}

/** A page of a batch, small; it opens to be read. */
export function PageTile({ batch, page, place, acts, onOpen }: PageTileProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value } = useAsked(`scanned ${batch} ${place} ${page.state}`, () =>
    engine.desks.scanned.picture(batch, place),
  );
  const url = useBlobUrl(value);
  const number = place + 1;
  const mark =
    page.state === 'damaged'
      ? t('scanned.damaged')
      : page.sheet !== null
        ? t('scanned.sheet')
        : page.isBlank
          ? t('scanned.blank')
          : '';
  return (
    <li data-out={page.isOut}>
      <button type="button" className="scanned-picture" onClick={onOpen}>
        <span className="hidden-text">{t('scanned.openPage', { number })}</span>
        {url === '' ? null : <img src={url} alt="" decoding="async" />}
        {mark === '' ? null : <span className="scanned-mark">{mark}</span>}
      </button>
      <p className="small">
        <span className="muted">{t('scanned.pageNumber', { number })}</span>
        {acts.map(({ label, name, run }) => (
          <button key={name} type="button" className="text-button" aria-label={name} onClick={run}>
            {label}
          </button>
        ))}
      </p>
    </li>
  );
}
