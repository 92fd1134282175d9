import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from '../i18n/use-translation.ts';
import { Cross } from './marks.tsx';

interface SheetProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Whether what was asked for here runs: the sheet stays until it can say how that ended. */
  readonly isBusy?: boolean;
  readonly onClose: () => void;
}

/** A sheet over the page. The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back. */
export function Sheet({ title, children, isBusy = false, onClose }: SheetProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const close = () => {
    if (!isBusy) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the sheet closes it, as Escape does.
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      onCancel={(event) => {
        // A choice of a file that was given up within says so here too.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        close();
      }}
      onClose={() => {
        // A second Escape closes it without asking.
        if (dialog.current?.open !== false) return;
        if (isBusy) dialog.current.showModal();
        else onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div className="sheet-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="close" aria-label={t('app.close')} disabled={isBusy} onClick={close}>
          <Cross />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long sheet is scrolled by keyboard. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region that scrolls, not a form's. */}
      <div className="sheet-body" role="group" aria-labelledby={heading} tabIndex={0}>
        {children}
      </div>
    </dialog>
  );
}
