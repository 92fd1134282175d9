import style from './frame.css?inline';
import type { FromFrame, ToFrame } from './frame-messages.ts';
import { PageList } from './page-list.ts';
import type { ShownPage } from './shown-page.ts';

/** Gives a file of the application by its name. Throws when there is none. */
export type FrameData = (name: string) => Promise<Uint8Array>;

/** The pages of a document. Throws when it cannot be read. */
export type OpenPages = (bytes: ArrayBuffer, data: FrameData) => Promise<ShownPage[]>;

/** The page that shows documents. It has no origin, no network, no storage: only a port to the page around it. */
export function beginFrame(openPages: OpenPages): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
  addEventListener('message', function begin(event: MessageEvent) {
    const [port] = event.ports;
    if (event.source !== parent || port === undefined) return;
    removeEventListener('message', begin);
    const say = (message: FromFrame) => port.postMessage(message);
    const asked = new Map<string, PromiseWithResolvers<Uint8Array>>();
    const data = (name: string) => {
      const answer = asked.get(name) ?? Promise.withResolvers<Uint8Array>();
      if (!asked.has(name)) say({ type: 'data', name });
      asked.set(name, answer);
      return answer.promise;
    };
    const root = document.createElement('main');
    root.id = 'pages';
    document.body.append(root);
    let list: PageList | null = null;
    const show = async ({ bytes, words }: Extract<ToFrame, { type: 'show' }>) => {
      const pages = await openPages(bytes, data);
      list = new PageList(root, pages, { words, say });
      say({ type: 'shown', pages: pages.length });
    };
    port.onmessage = ({ data: message }: MessageEvent<ToFrame>) => {
      if (message.type === 'show') show(message).catch(() => say({ type: 'failed' }));
      else if (message.type === 'data') {
        const answer = asked.get(message.name);
        if (message.bytes === null) answer?.reject(new Error('No such file'));
        else answer?.resolve(new Uint8Array(message.bytes));
      } else list?.take(message).catch(() => say({ type: 'failed' }));
    };
    addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') say({ type: 'escape' });
    });
  });
}
