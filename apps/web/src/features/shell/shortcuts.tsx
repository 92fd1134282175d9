import { useTranslation } from '../../i18n/use-translation.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { type KeyAction, keyLabels } from './keys.ts';

/** All there are, in the order of their labels. */
const order = Object.keys(keyLabels) as KeyAction[];

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t('shortcuts.title')} onClose={onClose}>
      <div className="shortcut-list">
        {order.map((action) => (
          <div key={action}>
            <span>{t(`shortcuts.${action}`)}</span>
            <kbd>{keyLabels[action]}</kbd>
          </div>
        ))}
        <div>
          <span>{t('shortcuts.move')}</span>
          <kbd>↑ ↓</kbd>
        </div>
        <div>
          <span>{t('shortcuts.leave')}</span>
          <kbd>Échap</kbd>
        </div>
      </div>
    </Sheet>
  );
}
