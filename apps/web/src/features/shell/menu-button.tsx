import { useTranslation } from 'react-i18next';
import { withWords } from '../../i18n/i18n.ts';
import { useLate } from './late.ts';

export interface MenuActs {
  readonly onLock: () => void;
  readonly onSwitch: () => void;
  readonly onShortcuts: () => void;
  readonly onProblem: () => void;
}

const loadMenu = async () => (await withWords(import('./app-menu.tsx'))).AppMenu;

export function MenuButton(acts: MenuActs) {
  const { t } = useTranslation();
  const { part: AppMenu, isPressed, press } = useLate(loadMenu);
  if (AppMenu !== null) return <AppMenu {...acts} isOpenAtFirst={isPressed} />;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t('shell.menu')}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={press}
    >
      ···
    </button>
  );
}
