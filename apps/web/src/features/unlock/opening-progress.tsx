import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngineEvents } from '../../session/use-session.ts';
import { Progress } from '../../ui/progress.tsx';
import './opening-progress.css';

/** A few entries are read before anybody could read how many. */
const toldEntries = 1000;

/** How far this device is with what it reads and verifies before it opens. */
export function OpeningProgress({ words }: { readonly words: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [{ done, total }, setProgress] = useState({ done: 0, total: 0 });
  useEngineEvents((event) => {
    if (event.type === 'opening') setProgress(event);
  });
  if (total < toldEntries)
    return (
      <span className="row-text muted" role="status">
        {words}
      </span>
    );
  const isRead = done === total;
  return (
    <div className="opening-progress">
      <Progress label={t('unlock.reading')} done={done} total={total} />
      <p className="row-text muted" role="status">
        {isRead
          ? t('unlock.directory')
          : t('unlock.progress', { done: format.number(done), total: format.number(total) })}
      </p>
    </div>
  );
}
