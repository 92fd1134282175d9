import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useBlobUrl } from '../documents/use-blob-url.ts';
import type { BatchWork } from './use-batch.ts';

interface PageSheetProps {
  readonly work: BatchWork;
  readonly place: number;
  readonly onClose: () => void;
}

/** One page of a batch, large enough to be read. */
export function PageSheet({ work, place, onClose }: PageSheetProps) {
  const { t } = useTranslation();
  const page = work.batch?.pages[place];
  const { value } = useAsked(`scanned page ${work.batch?.id} ${place}`, async () => {
    if (page === undefined) return { picture: null };
    const file = await work.fileOf(page.file);
    return { picture: await work.worker.ask((asked) => asked.pagePicture(file, page.number)) };
  });
  const url = useBlobUrl(value?.picture ?? null);
  const title = t('scanned.pageNumber', { number: place + 1 });
  return (
    <Sheet title={title} onClose={onClose}>
      {value === null ? (
        <p className="muted" role="status">
          {t('scanned.drawing')}
        </p>
      ) : null}
      {value !== null && value.picture === null ? <Notice tone="amber">{t('scanned.damagedText')}</Notice> : null}
      {url === '' ? null : <img className="scanned-page" src={url} alt={title} />}
    </Sheet>
  );
}
