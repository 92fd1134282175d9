import { useState } from 'react';
import { withWords } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useLateOpened } from './late.ts';

export interface MenuActs {
  readonly onLock: () => void;
  readonly onSwitch: () => void;
  readonly onShortcuts: () => void;
  readonly onProblem: () => void;
}

const loadMenu = async () => (await withWords(import('./app-menu.tsx'))).AppMenu;

export function MenuButton(acts: MenuActs) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { part: AppMenu, button, mayOpen } = useLateOpened(loadMenu, isOpen);
  if (AppMenu !== null) return <AppMenu {...acts} button={button} isOpen={isOpen && mayOpen} onChange={setOpen} />;
  return (
    <button
      ref={button}
      type="button"
      className="icon-button"
      aria-label={t('shell.menu')}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setOpen(!isOpen)}
    >
      ···
    </button>
  );
}
