import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';

interface CameraProps {
  /** Of the page that comes next. */
  readonly page: number;
  /** Whose it will be, in view while one aims. */
  readonly patientName: string;
  readonly onPicture: (picture: Blob) => Promise<void>;
  readonly onEnd: () => void;
}

/** The camera in the page: what it takes is never a file of the telephone's, so no gallery and no cloud has it. */
export function Camera({ page, patientName, onPicture, onEnd }: CameraProps) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [isRefused, setRefused] = useState(false);
  const [isReady, setReady] = useState(false);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    let stream: MediaStream | null = null;
    const stop = () => {
      isCurrent = false;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const begin = async () => {
      const wanted = { facingMode: 'environment', width: { ideal: 3840 }, height: { ideal: 2160 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
      const screen = video.current;
      if (!isCurrent || screen === null) return stop();
      screen.srcObject = stream;
      await screen.play();
      if (isCurrent) setReady(true);
    };
    begin().catch(() => {
      if (isCurrent) setRefused(true);
    });
    return stop;
  }, []);
  const shoot = async () => {
    const screen = video.current;
    if (screen === null) return;
    setBusy(true);
    const canvas = document.createElement('canvas');
    canvas.width = screen.videoWidth;
    canvas.height = screen.videoHeight;
    canvas.getContext('2d')?.drawImage(screen, 0, 0);
    const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
    if (picture !== null) await onPicture(picture);
    setBusy(false);
  };
  if (isRefused)
    return (
      <Notice
        tone="amber"
        action={
          <button type="button" className="text-button" onClick={onEnd}>
            {t('app.close')}
          </button>
        }
      >
        {t('documents.noCamera')}
      </Notice>
    );
  return (
    <div className="document-camera">
      <div className="document-aim">
        <video ref={video} muted playsInline aria-label={t('documents.camera')} />
        <p>
          {t('documents.into')} <b>{patientName}</b>
        </p>
      </div>
      <p className="muted small">{t('documents.cameraNote')}</p>
      <div className="code-actions">
        <Button disabled={!isReady || isBusy} onClick={() => void shoot()}>
          {isBusy ? t('documents.shooting') : t('documents.shoot', { page })}
        </Button>
        <Button variant="quiet" onClick={onEnd}>
          {t('documents.endCamera')}
        </Button>
      </div>
    </div>
  );
}
