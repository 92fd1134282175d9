import { createContext, type ReactNode, useContext } from 'react';
import { withWords } from '../../i18n/i18n.ts';
import { useEngine, useEngineEvents, useStatus } from '../../session/use-session.ts';
import { useNow } from '../../ui/now.ts';
import type { News } from '../../worker/news-desk.ts';
import { useFollowedLater } from '../deposits/use-deposits.ts';
import { useLate } from '../shell/late.ts';
import type { NotifierProps } from './notifier.tsx';
import { linesOf, type NewsLine } from './told.ts';

export interface Told {
  readonly news: News | null;
  readonly error: unknown;
  readonly lines: readonly NewsLine[];
}

const loadNotifier = async () => (await withWords(import('./notifier.tsx'))).Notifier;
const ToldContext = createContext<Told>({ news: null, error: null, lines: [] });

export function useTold(): Told {
  return useContext(ToldContext);
}

/** What there is to know of, asked once for a window: pages and links take it from here. */
export function NewsFrame({ children }: { readonly children: ReactNode }) {
  const engine = useEngine();
  const { refused = 0, pending = 0 } = useStatus() ?? {};
  const now = useNow(30_000);
  const { value: news, error, again } = useFollowedLater('news', () => engine.desks.news.read());
  useEngineEvents((event) => {
    if (event.type === 'news') again();
  });
  const lines = linesOf(news, { refused, pending }, now);
  const mayNotify = news?.isWished === true && 'Notification' in globalThis && Notification.permission === 'granted';
  return (
    <ToldContext value={{ news, error, lines }}>
      {children}
      {mayNotify ? <WishedNotifier news={news} lines={lines} /> : null}
    </ToldContext>
  );
}

/** Whose code comes where it is wished alone. */
function WishedNotifier(props: NotifierProps) {
  const Notifier = useLate(loadNotifier, true);
  return Notifier === null ? null : <Notifier {...props} />;
}
