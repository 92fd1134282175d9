import { useEffect } from 'react';

/** What the window is called while a page is shown; the application's name alone until it is known. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Serment' : `${title} — Serment`;
  }, [title]);
}
