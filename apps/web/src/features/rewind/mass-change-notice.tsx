import { Button } from '@mantine/core';
import type { HolderView, MemberView } from '@serment/replica/vault';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useDeviceName } from '../members/member-words.ts';

interface MassChangeNoticeProps {
  readonly members: readonly MemberView[];
  /** This device, in hexadecimal. */
  readonly self: string;
}

/** What devices did in numbers, the word of a person that it is meant, and the one touch that stops it. */
export function MassChangeNotice({ members, self }: MassChangeNoticeProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const status = useStatus();
  const deviceName = useDeviceName();
  const { isBusy, error, run } = useAttempt();
  return (
    <>
      {(status?.massChanges ?? []).map(({ author, kind, saves, since }) => {
        const member = members.find(({ devices }) => devices.some((device) => device.author === author));
        const device = member?.devices.find((one) => one.author === author);
        const told = {
          ...{ device: device === undefined ? '' : deviceName(device), name: member?.name ?? t('file.someone') },
          ...{ count: saves, when: format.moment(since) },
        };
        return (
          <Notice
            key={author}
            tone={kind === 'noise' ? 'red' : 'amber'}
            title={t(`massChange.${kind}`, told)}
            action={
              <div className="notice-acts">
                {canHold(device, self) ? (
                  <Button loading={isBusy} onClick={() => void run(() => engine.desks.devices.hold(author))}>
                    {t('massChange.hold')}
                  </Button>
                ) : null}
                <Button
                  variant="default"
                  loading={isBusy}
                  onClick={() => void run(() => engine.desks.rewind.accept(author))}
                >
                  {t('massChange.meant')}
                </Button>
              </div>
            }
          >
            {t(device?.hold === null ? 'massChange.todo' : 'massChange.isHeld', told)}
          </Notice>
        );
      })}
      <Failure error={error} />
    </>
  );
}

/** Neither what is stopped already, nor what one works with. */
function canHold(device: HolderView | undefined, self: string): device is HolderView {
  if (device === undefined || device.author === self) return false;
  return device.hold === null && device.frozenAt === null && device.revokedAt === null;
}
