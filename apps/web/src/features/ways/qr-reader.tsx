import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';

/** What browsers that read codes have, and TypeScript's own types do not. */
interface BarcodeDetecting {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => BarcodeDetecting;

const everyMs = 250;

/** Whether this browser reads QR codes by itself, and has a camera to ask for. */
export function canReadQr(): boolean {
  return detectorClass() !== null && 'mediaDevices' in navigator;
}

interface QrReaderProps {
  /** What a code must begin with to count. */
  readonly prefix: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** The camera, until it has seen such a code. The pictures stay in this page. */
export function QrReader({ prefix, onText, onClose }: QrReaderProps) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [isRefused, setRefused] = useState(false);
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  });
  useEffect(() => {
    let isCurrent = true;
    let stream: MediaStream | null = null;
    const stop = () => {
      isCurrent = false;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const read = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      const [screen, Detector] = [video.current, detectorClass()];
      if (!isCurrent || screen === null || Detector === null) return stop();
      screen.srcObject = stream;
      await screen.play();
      const detector = new Detector({ formats: ['qr_code'] });
      while (isCurrent) {
        const codes = await detector.detect(screen).catch(() => []);
        const found = codes.find(({ rawValue }) => rawValue.toUpperCase().startsWith(prefix));
        if (isCurrent && found !== undefined) {
          stop();
          latest.current(found.rawValue);
        }
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    };
    read().catch(() => {
      if (isCurrent) setRefused(true);
    });
    return stop;
  }, [prefix]);
  return (
    <div className="qr-reader">
      {isRefused ? (
        <Notice tone="amber">{t('adding.noCamera')}</Notice>
      ) : (
        <>
          <video ref={video} muted playsInline aria-label={t('adding.camera')} />
          <p className="muted row-text" role="status">
            {t('adding.aim')}
          </p>
        </>
      )}
      <Button variant="quiet" onClick={onClose}>
        {t('adding.typeInstead')}
      </Button>
    </div>
  );
}

function detectorClass(): DetectorClass | null {
  const found: unknown = Reflect.get(globalThis, 'BarcodeDetector');
  return typeof found === 'function' ? (found as DetectorClass) : null;
}
