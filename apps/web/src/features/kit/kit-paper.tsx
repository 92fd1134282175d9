import { createPortal } from 'react-dom';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { PrintedKit } from '../../worker/protocol.ts';
import { KitGroups, Qr } from './kit-groups.tsx';
import { useKitWords } from './kit-words.ts';
import './kit-paper.css';

interface KitPaperProps {
  readonly kit: PrintedKit;
  readonly practiceName: string;
  /** Whose kit it is. */
  readonly holder: { readonly name: string; readonly role: string };
}

/** The sheet that the printer gets: hidden on the screen, and alone on one page of A4. */
export function KitPaper({ kit, practiceName, holder }: KitPaperProps) {
  const { t } = useTranslation();
  const words = useKitWords(holder.role);
  const format = useFormat();
  const address = location.origin;
  return createPortal(
    <main className="paper">
      <div className="paper-head">
        <span className="brand">Serment</span>
        <span>
          {t('creation.paper.testValue')} <b>{kit.testValue}</b>
        </span>
      </div>
      <h1 data-long={practiceName.length > longName}>
        {t('creation.paper.title')} {practiceName === '' ? '' : t('creation.paper.of', { practice: practiceName })}
      </h1>
      <p>
        {words.opens} {t('creation.paper.serves')}
      </p>
      <div className="paper-main">
        <div>
          <p className="small">{t('creation.paper.groups')}</p>
          <KitGroups text={kit.text} />
        </div>
        <div>
          <Qr text={kit.qr} size={166} />
          <p className="small">{t('creation.paper.qr')}</p>
        </div>
      </div>
      <dl className="paper-facts">
        <dt>{t('creation.paper.holder')}</dt>
        <dd>{holder.name}</dd>
        <dt>{t('creation.paper.made')}</dt>
        <dd>{format.day(Date.now())}</dd>
        <dt>{t('creation.paper.testValue')}</dt>
        <dd>
          <b>{kit.testValue}</b>. {t('creation.paper.testValueDetail')}
        </dd>
        <dt>{t('creation.paper.practiceId')}</dt>
        <dd className="paper-id">{inGroups(kit.practice)}</dd>
      </dl>
      <h2>{t('creation.paper.how')}</h2>
      <ol className="paper-steps">
        <li>{t('creation.paper.stepOpen', { address })}</li>
        <li>{t('creation.paper.stepType')}</li>
        <li>{words.after}</li>
      </ol>
      <p className="small">{t('creation.paper.offline')}</p>
      <h2>{words.endTitle}</h2>
      <p>{words.end}</p>
      <h2>{t('creation.paper.keep')}</h2>
      <p>{words.where}</p>
      <p className="small">{t('creation.paper.notHere')}</p>
    </main>,
    document.body,
  );
}

/** A longer name would push the foot of the sheet to a second page. */
const longName = 60;

/** Eight characters each: nobody compares sixty-four in one go. */
function inGroups(id: string): string {
  return id.match(/.{8}/g)?.join(' ') ?? id;
}
