import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import type { FromFrame, ToFrame } from '../../document-frame/frame-messages.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import { DocumentFrame } from './document-frame.tsx';
import type { ShownKind } from './frame-page.ts';

interface DocumentPagesProps {
  readonly kind: ShownKind;
  readonly blob: Blob;
  readonly copy: ReactNode;
  readonly onClose: () => void;
}

const zooms = [0.5, 0.75, 1, 1.5, 2, 3, 4];

/** The pages with what moves among them; the pages themselves are in the frame. */
export function DocumentPages({ kind, blob, copy, onClose }: DocumentPagesProps) {
  const { t } = useTranslation();
  const send = useRef<((message: ToFrame) => void) | null>(null);
  const [state, setState] = useState<'opening' | 'shown' | 'failed'>('opening');
  const [count, setCount] = useState(0);
  const [at, setAt] = useState(1);
  const [zoom, setZoom] = useState(1);
  const [quarters, setQuarters] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const [printing, setPrinting] = useState<{ done: number; total: number } | null>(null);
  const take = (message: FromFrame) => {
    if (message.type === 'failed') setState('failed');
    if (message.type === 'at') setAt(message.page);
    if (message.type === 'found') setMissing(message.page === null);
    if (message.type === 'printing') setPrinting(message.done === message.total ? null : message);
    if (message.type === 'escape') onClose();
  };
  const toZoom = (next: number) => {
    setZoom(next);
    send.current?.({ type: 'zoom', zoom: next });
  };
  const step = (by: number) => toZoom(zooms[Math.min(Math.max(zooms.indexOf(zoom) + by, 0), zooms.length - 1)] ?? 1);
  const turn = () => {
    const next = (quarters + 1) % 4;
    setQuarters(next);
    send.current?.({ type: 'turn', quarters: next });
  };
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    setMissing(false);
    if (text !== '') send.current?.({ type: 'find', text });
  };
  if (state === 'failed')
    return (
      <>
        <Notice tone="amber">{t('documents.lostFrame')}</Notice>
        {copy}
      </>
    );
  return (
    <>
      <div className="document-tools">
        {count < 2 ? null : (
          <label className="row-text nowrap">
            {t('documents.page')}{' '}
            <input
              type="number"
              min={1}
              max={count}
              value={at}
              onChange={(event) => {
                const page = Math.min(Math.max(1, event.currentTarget.valueAsNumber || 1), count);
                setAt(page);
                send.current?.({ type: 'go', page });
              }}
            />{' '}
            {t('documents.ofPages', { count })}
          </label>
        )}
        <span className="document-zoom">
          <button type="button" className="icon" aria-label={t('documents.zoomOut')} onClick={() => step(-1)}>
            <span aria-hidden="true">−</span>
          </button>
          <button type="button" className="text-button row-text" onClick={() => toZoom(1)}>
            {zoom === 1 ? t('documents.fit') : `${zoom * 100} %`}
          </button>
          <button type="button" className="icon" aria-label={t('documents.zoomIn')} onClick={() => step(1)}>
            <span aria-hidden="true">+</span>
          </button>
        </span>
        <button type="button" className="text-button row-text" onClick={turn}>
          {t('documents.turn')}
        </button>
        <button
          type="button"
          className="text-button row-text"
          disabled={printing !== null}
          onClick={() => send.current?.({ type: 'print' })}
        >
          {printing === null ? t('documents.print') : t('documents.printing', printing)}
        </button>
        {kind === 'picture' ? null : (
          <form className="document-find" onSubmit={find}>
            <input name="text" type="search" aria-label={t('documents.find')} placeholder={t('documents.find')} />
            <span role="status" className="amber small">
              {isMissing ? t('documents.notFound') : ''}
            </span>
          </form>
        )}
        {copy}
      </div>
      {state === 'opening' ? (
        <p className="muted" role="status">
          {t('documents.opening')}
        </p>
      ) : null}
      <DocumentFrame
        kind={kind}
        blob={blob}
        onShown={(pages, sender) => {
          send.current = sender;
          setCount(pages);
          setState('shown');
        }}
        onMessage={take}
      />
    </>
  );
}
