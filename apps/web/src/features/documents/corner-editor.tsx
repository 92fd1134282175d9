import { Button } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { type Corner, type Corners, wholePicture } from '../../document-worker/perspective.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { CapturedPage } from './captured.ts';
import { useBlobUrl } from './use-blob-url.ts';

interface CornerEditorProps {
  readonly page: CapturedPage;
  readonly number: number;
  readonly onCut: (corners: Corners) => Promise<void>;
  readonly onCancel: () => void;
}

const names = ['topLeft', 'topRight', 'bottomRight', 'bottomLeft'] as const;
const step = 0.01;
const arrows: Readonly<Record<string, Corner>> = {
  ArrowLeft: { x: -step, y: 0 },
  ArrowRight: { x: step, y: 0 },
  ArrowUp: { x: 0, y: -step },
  ArrowDown: { x: 0, y: step },
};

/** The four corners of a sheet in its photograph, to be moved by pointer or arrows. */
export function CornerEditor({ page, number, onCut, onCancel }: CornerEditorProps) {
  const { t } = useTranslation();
  const url = useBlobUrl(page.source);
  const area = useRef<HTMLDivElement>(null);
  const [corners, setCorners] = useState<Corners>(page.corners);
  const [isBusy, setBusy] = useState(false);
  const move = (place: number, to: Corner) => {
    const moved = corners.map((corner, at) => (at === place ? { x: kept(to.x), y: kept(to.y) } : corner));
    const [a, b, c, d] = moved;
    if (a && b && c && d) setCorners([a, b, c, d]);
  };
  const drag = (event: PointerEvent, place: number) => {
    const box = area.current?.getBoundingClientRect();
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    move(place, { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
  };
  const press = (event: KeyboardEvent, place: number) => {
    const by = arrows[event.key];
    const corner = corners[place];
    if (by === undefined || corner === undefined) return;
    event.preventDefault();
    move(place, { x: corner.x + by.x, y: corner.y + by.y });
  };
  const cut = async () => {
    setBusy(true);
    await onCut(corners);
  };
  return (
    <section className="corner-editor" aria-label={t('documents.adjustTitle', { page: number })}>
      <h3>{t('documents.adjustTitle', { page: number })}</h3>
      <p className="muted row-text">{t('documents.adjustHint')}</p>
      <div className="corner-area" ref={area}>
        {url === '' ? null : <img src={url} alt="" draggable={false} />}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <polygon points={corners.map(({ x, y }) => `${x * 100},${y * 100}`).join(' ')} />
        </svg>
        {names.map((name, place) => (
          <button
            key={name}
            type="button"
            className="corner"
            aria-label={t(`documents.corner.${name}`)}
            ref={(element) => {
              // A style that is set by a script is no inline style, which the policy forbids.
              element?.style.setProperty('left', `${(corners[place]?.x ?? 0) * 100}%`);
              element?.style.setProperty('top', `${(corners[place]?.y ?? 0) * 100}%`);
            }}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={(event) => drag(event, place)}
            onKeyDown={(event) => press(event, place)}
          />
        ))}
      </div>
      <div className="code-actions">
        <Button loading={isBusy} onClick={() => void cut()}>
          {t('documents.straighten')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={() => setCorners(wholePicture)}>
          {t('documents.whole')}
        </Button>
        <Button variant="quiet" disabled={isBusy} onClick={onCancel}>
          {t('app.cancel')}
        </Button>
      </div>
    </section>
  );
}

function kept(part: number): number {
  return Math.min(Math.max(part, 0), 1);
}
