import { type MouseEvent, useSyncExternalStore } from 'react';

export const consolePages = ['overview', 'practices', 'copies', 'drills', 'jobs'] as const;
export type ConsolePage = (typeof consolePages)[number];

/** Where the console is: the address says it, so that the browser's own way back works. */
export type ConsolePlace = { readonly page: ConsolePage } | { readonly page: 'practice'; readonly practice: string };

const paths: Readonly<Record<ConsolePage, string>> = {
  overview: '/',
  practices: '/cabinets',
  copies: '/copies',
  drills: '/restaurations',
  jobs: '/travaux',
};
const moved = 'serment-moved';

export function pathOf(place: ConsolePlace): string {
  return place.page === 'practice' ? `${paths.practices}/${place.practice}` : paths[place.page];
}

export function useConsolePlace(): ConsolePlace {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  const practice = /^\/cabinets\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (practice !== undefined) return { page: 'practice', practice };
  return { page: consolePages.find((page) => paths[page] === path) ?? 'overview' };
}

export function go(place: ConsolePlace): void {
  history.pushState(null, '', pathOf(place));
  dispatchEvent(new Event(moved));
  scrollTo(0, 0);
}

/** What makes a link of a place, which opens in another window as any link does. */
export function linkTo(place: ConsolePlace) {
  return {
    href: pathOf(place),
    onClick(event: MouseEvent) {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(place);
    },
  };
}

function subscribe(listener: () => void): () => void {
  for (const name of ['popstate', moved]) addEventListener(name, listener);
  return () => {
    for (const name of ['popstate', moved]) removeEventListener(name, listener);
  };
}
