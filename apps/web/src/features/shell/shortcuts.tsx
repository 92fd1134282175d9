import { useTranslation } from 'react-i18next';
import { Sheet } from '../../ui/dialog.tsx';
import { type KeyAction, keyLabels } from './keys.ts';

const order: readonly KeyAction[] = [
  ...([
    'palette',
    'note',
    'save',
    'sign',
    'privateNote',
    'seen',
    'today',
    'filter',
    'patients',
    'newPatient',
    'vault',
    'lock',
    'switch',
    'help',
  ] as const),
];

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
