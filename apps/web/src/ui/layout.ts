import { useSyncExternalStore } from 'react';

/** Three designs, not one squeezed. */
export type Layout = 'phone' | 'tablet' | 'desktop';

const desktop = matchMedia('(width >= 1180px)');
const tablet = matchMedia('(width >= 640px)');

export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, current);
}

function current(): Layout {
  if (desktop.matches) return 'desktop';
  return tablet.matches ? 'tablet' : 'phone';
}

function subscribe(listener: () => void): () => void {
  desktop.addEventListener('change', listener);
  tablet.addEventListener('change', listener);
  return () => {
    desktop.removeEventListener('change', listener);
    tablet.removeEventListener('change', listener);
  };
}
