import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { Writer, WritesAsked } from '@serment/replica/practice-rewind';
import type { MemberView } from '@serment/replica/vault';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { localDateTime } from '../file/note-draft.ts';
import { useDeviceName } from '../members/member-words.ts';

/** As it stands in the form. */
export interface Asking {
  /** `member …` or `device …`; '' while nobody was chosen. */
  readonly by: string;
  /** Local date and time. */
  readonly since: string;
  /** '' for until now. */
  readonly until: string;
}

interface AskFormProps {
  readonly members: readonly MemberView[];
  readonly asking: Asking;
  readonly isBusy: boolean;
  readonly onChange: (asking: Asking) => void;
  readonly onAsk: (asked: WritesAsked) => void;
}

const dayMs = 86_400_000;

/** A day ago, as the form writes it. */
export function lastDay(): string {
  return minuteOf(Date.now() - dayMs);
}

/** The minute of an instant, as the form writes it. */
export function minuteOf(ms: number): string {
  return localDateTime(ms).slice(0, '2026-11-23T14:05'.length);
}

/** Whose writing, and since when. */
export function AskForm({ members, asking, isBusy, onChange, onAsk }: AskFormProps) {
  const { t } = useTranslation();
  const [isTried, setTried] = useState(false);
  const [since, until] = [Date.parse(asking.since), asking.until === '' ? null : Date.parse(asking.until)];
  const isBackwards = until !== null && until < since;
  const writer = writerOf(asking.by);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (writer === null || Number.isNaN(since) || isBackwards) return;
    // A minute that is named is meant whole.
    onAsk({ by: writer, since, until: until === null ? null : until + 59_999 });
  };
  return (
    <form className="rewind-form" onSubmit={send}>
      <NativeSelect
        label={t('rewind.by')}
        value={asking.by}
        error={isTried && writer === null ? t('rewind.byMissing') : null}
        onChange={(event) => onChange({ ...asking, by: event.currentTarget.value })}
      >
        <option value="">{t('rewind.byNobody')}</option>
        {members.map((member) => (
          <MemberOptions key={member.member} member={member} />
        ))}
      </NativeSelect>
      <TextInput
        type="datetime-local"
        label={t('rewind.since')}
        value={asking.since}
        error={isTried && Number.isNaN(since) ? t('rewind.sinceMissing') : null}
        onChange={(event) => onChange({ ...asking, since: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={t('rewind.until')}
        value={asking.until}
        error={isBackwards ? t('rewind.backwards') : null}
        onChange={(event) => onChange({ ...asking, until: event.currentTarget.value })}
      />
      <Button type="submit" variant="default" loading={isBusy}>
        {t('rewind.look')}
      </Button>
    </form>
  );
}

/** All of a member's devices together, then each: a stopped or a revoked one has written too. */
function MemberOptions({ member: { member, name, devices } }: { readonly member: MemberView }) {
  const { t } = useTranslation();
  const deviceName = useDeviceName();
  const shown = name ?? t('file.someone');
  return (
    <optgroup label={shown}>
      <option value={`member ${member}`}>{t('rewind.all', { name: shown })}</option>
      {devices.map((device) => (
        <option key={device.author} value={`device ${device.author}`}>
          {deviceName(device)}
        </option>
      ))}
    </optgroup>
  );
}

function writerOf(value: string): Writer | null {
  const [kind, id = ''] = value.split(' ');
  return kind === 'member' || kind === 'device' ? { kind, id } : null;
}
