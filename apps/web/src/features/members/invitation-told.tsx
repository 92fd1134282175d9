import { Button } from '@mantine/core';
import type { Invitation } from '@serment/replica/invitation';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';

interface InvitationToldProps {
  readonly invitation: Invitation;
  readonly name: string;
  readonly onDone: () => void;
}

/** The link and the code, this once: each opens nothing without the other, and so they leave by two ways. */
export function InvitationTold({ invitation, name, onDone }: InvitationToldProps) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const address = `${location.origin}/invitation#${invitation.linkText}`;
  const { code } = invitation;
  return (
    <div className="page members-page invite-page">
      <h1 ref={heading} tabIndex={-1}>
        {t('members.told.title', { name })}
      </h1>
      <p className="muted members-lead">{t('members.told.lead')}</p>
      <section className="told-part">
        <h2>{t('members.told.link')}</h2>
        <p className="muted row-text">{t('members.told.linkBy')}</p>
        <p className="told-link" data-testid="invitation-link">
          {address}
        </p>
        <div className="code-actions">
          <Button
            variant="default"
            onClick={() =>
              void navigator.clipboard.writeText(address).then(
                () => setCopied(true),
                () => setCopied(false),
              )
            }
          >
            {t('members.told.copy')}
          </Button>
          <span className="row-text muted" role="status">
            {isCopied ? t('members.told.copied') : ''}
          </span>
        </div>
      </section>
      <section className="told-part">
        <h2>{t('members.told.code')}</h2>
        <p className="muted row-text">{t('members.told.codeBy')}</p>
        <p className="told-code" data-testid="invitation-code">
          <span>{code.slice(0, 4)}</span> <span>{code.slice(4)}</span>
        </p>
      </section>
      <p className="aside-line">{t('members.told.kept')}</p>
      <div className="step-actions">
        <Button onClick={onDone}>{t('members.told.done')}</Button>
      </div>
    </div>
  );
}
