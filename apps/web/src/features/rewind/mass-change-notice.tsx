import { Button } from '@mantine/core';
import type { MemberView } from '@serment/replica/vault';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useDeviceName } from '../members/member-words.ts';

/** What devices did in numbers, and the word of a person that it is meant. */
export function MassChangeNotice({ members }: { readonly members: readonly MemberView[] }) {
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
              <Button
                variant="default"
                loading={isBusy}
                onClick={() => void run(() => engine.desks.rewind.accept(author))}
              >
                {t('massChange.meant')}
              </Button>
            }
          >
            {t('massChange.todo', told)}
          </Notice>
        );
      })}
      <Failure error={error} />
    </>
  );
}
