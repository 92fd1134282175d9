import { TextInput } from '@mantine/core';
import { maxDeviceName } from '@serment/replica/device-names';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useProposedName } from './platform.ts';
import './members.css';

interface DeviceNameSheetProps {
  /** In hexadecimal; null for this one, which a name is proposed for. */
  readonly author: string | null;
  /** What it is called now. */
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** What a device is called, so that its member knows it among the others. */
export function DeviceNameSheet({ author, name: known, onClose, onDone }: DeviceNameSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const proposed = useProposedName();
  const [name, setName] = useState(known ?? (author === null ? proposed : ''));
  const { isBusy, error, run } = useAttempt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      await (author === null ? engine.desks.devices.rename(name) : engine.desks.devices.rename(name, author));
      onDone();
    });
  };
  return (
    <Sheet title={t('members.naming.title')} isBusy={isBusy} onClose={onClose}>
      <form className="member-sheet" onSubmit={(event) => void send(event)}>
        <p className="muted">{t('members.naming.lead')}</p>
        <TextInput
          label={t('members.naming.label')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={maxDeviceName}
          autoComplete="off"
        />
        <FormEnd
          error={error}
          isBusy={isBusy}
          isReady={name.trim() !== ''}
          submit={t('members.naming.save')}
          onCancel={onClose}
        />
      </form>
    </Sheet>
  );
}
