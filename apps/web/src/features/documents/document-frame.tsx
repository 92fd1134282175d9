import { useEffect, useRef } from 'react';
import type { FromFrame, ToFrame } from '../../document-frame/frame-messages.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { frameData } from './frame-data.ts';
import { framePage, type ShownKind } from './frame-page.ts';

interface DocumentFrameProps {
  readonly kind: ShownKind;
  readonly blob: Blob;
  /** Called with what sends to the frame, once it shows the document. */
  readonly onShown: (pages: number, send: (message: ToFrame) => void) => void;
  readonly onMessage: (message: FromFrame) => void;
}

/** A document, in a page without origin, storage or network: nothing of it reaches the application. */
export function DocumentFrame({ kind, blob, onShown, onMessage }: DocumentFrameProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const port = useRef<MessagePort | null>(null);
  const latest = useRef({ onShown, onMessage });
  useEffect(() => {
    latest.current = { onShown, onMessage };
  });
  useEffect(() => () => port.current?.close(), []);
  useEffect(() => {
    let isLeft = false;
    framePage(kind).then(
      (page) => {
        if (!isLeft && frame.current !== null) frame.current.srcdoc = page;
      },
      () => {
        if (!isLeft) latest.current.onMessage({ type: 'failed' });
      },
    );
    return () => {
      isLeft = true;
    };
  }, [kind]);
  const begin = async () => {
    const bytes = await blob.arrayBuffer();
    const { port1, port2 } = new MessageChannel();
    port.current?.close();
    port.current = port1;
    const send = (message: ToFrame, move: Transferable[] = []) => port1.postMessage(message, move);
    port1.onmessage = ({ data: message }: MessageEvent<FromFrame>) => {
      if (message.type === 'data')
        void frameData(message.name)
          .catch(() => null)
          .then((file) => send({ type: 'data', name: message.name, bytes: file }));
      else if (message.type === 'shown') latest.current.onShown(message.pages, send);
      else latest.current.onMessage(message);
    };
    // A page without origin cannot be named as the one that is meant: it is the one of this element.
    frame.current?.contentWindow?.postMessage('port', '*', [port2]);
    send({ type: 'show', bytes, words: { page: t('documents.pageNumber', { page: '#' }) } }, [bytes]);
  };
  return (
    <iframe
      ref={frame}
      className="document-frame"
      // Modals are what printing is.
      sandbox="allow-scripts allow-modals"
      title={t('documents.pages')}
      onLoad={({ currentTarget }) => {
        // The empty page that it begins as loads too.
        if (currentTarget.srcdoc !== '') void begin();
      }}
    />
  );
}
