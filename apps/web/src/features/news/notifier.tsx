import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { SystemNotice } from '../../service-worker/notices.ts';
import { useSessionState, useStatus } from '../../session/use-session.ts';
import { shieldOf } from '../../shield/shield.ts';
import { useNow } from '../../ui/now.ts';
import type { News } from '../../worker/news-desk.ts';
import { type NewsLine, newKinds, systemFacts, systemPlaces } from './told.ts';

export interface NotifierProps {
  readonly news: News;
  readonly lines: readonly NewsLine[];
}

/**
 * Has the system say what is new while nobody looks at any window. What stood when this window opened is not new. It is
 * there while the practice is open alone: a locked one says nothing.
 */
export function Notifier({ news, lines }: NotifierProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const status = useStatus();
  const { hasTwoWays } = useSessionState().engine;
  const now = useNow(5_000);
  const known = useRef<ReadonlySet<string> | null>(null);
  const shield = status === null ? null : shieldOf({ ...status, hasTwoWays }, now);
  const facts = systemFacts(news, lines, shield);
  const mark = [...facts.keys()].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `mark` says when there are others.
  useEffect(() => {
    const before = known.current;
    known.current = new Set(facts.keys());
    if (before === null) return;
    for (const kind of newKinds(before, facts)) {
      const notice: SystemNotice = { type: 'notice', kind, title: t(`news.system.${kind}`), path: systemPlaces[kind] };
      void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(notice));
    }
  }, [mark]);
  useEffect(() => {
    const open = ({ data }: MessageEvent) => {
      const place = Object.values(systemPlaces).find((path) => path === data?.open);
      if (place !== undefined) void navigate({ to: place });
    };
    navigator.serviceWorker.addEventListener('message', open);
    return () => navigator.serviceWorker.removeEventListener('message', open);
  }, [navigate]);
  return null;
}
