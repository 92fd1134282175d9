import { useTranslation } from '../../i18n/use-translation.ts';
import { RevokingSheet } from './revoking-sheet.tsx';

interface EndingSheetProps {
  /** The device that is about to end for good: its author, in hexadecimal, and what it is called. */
  readonly author: string;
  readonly device: string;
  /** Of its member. */
  readonly name: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** What becomes of a device that ends, and of what was opened on it. */
export function EndingSheet({ author, device, name, onClose, onDone }: EndingSheetProps) {
  const { t } = useTranslation();
  return (
    <RevokingSheet
      author={author}
      title={t('members.revoking.title', { name })}
      confirm={t('members.revoking.confirm')}
      working={t('members.ending')}
      onClose={onClose}
      onDone={onDone}
    >
      <p className="muted ending-device">{device}</p>
      <ul className="consequences">
        <li>{t('members.revoking.access')}</li>
        <li>{t('members.newKeys')}</li>
        <li>{t('members.revoking.stays')}</li>
        <li>
          <b>{t('members.revoking.kept')}</b>
        </li>
      </ul>
      <p className="muted row-text">{t('members.revoking.instead')}</p>
    </RevokingSheet>
  );
}
