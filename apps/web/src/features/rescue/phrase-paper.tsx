import { createPortal } from 'react-dom';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useStatus } from '../../session/use-session.ts';
import { KitGroups } from '../kit/kit-groups.tsx';
import '../kit/kit-paper.css';

interface PhrasePaperProps {
  readonly phrase: string;
  readonly place: string;
  readonly mark: string;
}

/** The sheet that the printer gets: the passphrase, and what to do the day it is wanted. */
export function PhrasePaper({ phrase, place, mark }: PhrasePaperProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const practice = useStatus()?.practiceName ?? '';
  return createPortal(
    <main className="paper rescue-paper">
      <div className="paper-head">
        <span className="brand">Serment</span>
        <span>{practice}</span>
      </div>
      <h1>{t('rescue.paper.title')}</h1>
      <p>{t('rescue.paper.opens')}</p>
      <div className="paper-main">
        <KitGroups text={phrase} />
      </div>
      <dl className="paper-facts">
        <dt>{t('rescue.paper.files')}</dt>
        <dd>{t('rescue.paper.filesName', { mark })}</dd>
        <dt>{t('rescue.paper.place')}</dt>
        <dd>{place}</dd>
        <dt>{t('rescue.paper.made')}</dt>
        <dd>{format.day(Date.now())}</dd>
      </dl>
      <h2>{t('rescue.paper.how')}</h2>
      <ol className="paper-steps">
        <li>{t('rescue.paper.step1')}</li>
        <li>{t('rescue.paper.step2')}</li>
        <li>{t('rescue.paper.step3')}</li>
      </ol>
      <p>{t('rescue.paper.keep')}</p>
    </main>,
    document.body,
  );
}
