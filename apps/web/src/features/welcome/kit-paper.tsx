import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import type { NewPracticeInput, PrintedKit } from '../../worker/protocol.ts';
import { KitGroups, Qr } from './kit-groups.tsx';
import './kit.css';

/** The sheet that the printer gets: hidden on the screen, and alone on the page. */
export function KitPaper({ kit, input }: { readonly kit: PrintedKit; readonly input: NewPracticeInput }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="paper">
      <div className="paper-head">
        <span className="brand">Serment</span>
        <span>
          {t('creation.paper.testValue')} {kit.testValue}
        </span>
      </div>
      <h1>
        {t('creation.paper.title')} {t('creation.paper.of', { practice: input.practiceName })}
      </h1>
      <p>{t('creation.paper.what')}</p>
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
        <dt>{t('creation.paper.doctor')}</dt>
        <dd>
          Dr {input.given} {input.family}
        </dd>
        <dt>{t('creation.paper.made')}</dt>
        <dd>{format.day(Date.now())}</dd>
        <dt>{t('creation.paper.testValue')}</dt>
        <dd>
          <b>{kit.testValue}</b>. {t('creation.paper.testValueDetail')}
        </dd>
      </dl>
      <h2>{t('creation.paper.how')}</h2>
      <p>{t('creation.paper.steps')}</p>
      <p>{t('creation.paper.use')}</p>
      <h2>{t('creation.paper.keep')}</h2>
      <p>{t('creation.paper.where')}</p>
      <h2>{t('creation.paper.notHere')}</h2>
      <p>{t('creation.paper.notHereDetail')}</p>
    </section>
  );
}
