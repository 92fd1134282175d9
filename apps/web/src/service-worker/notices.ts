/** What a window asks the service worker to have the system say. It names no patient: a locked screen shows it. */
export interface SystemNotice {
  readonly type: 'notice';
  /** One of a kind stands at a time. */
  readonly kind: string;
  readonly title: string;
  /** The page on which it is dealt with. */
  readonly path: string;
}

export interface NoticeWindow {
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

/** The part of a service worker that notices need. */
export interface NoticePlace {
  windows(): Promise<readonly NoticeWindow[]>;
  openWindow(path: string): Promise<unknown>;
  show(title: string, options: NotificationOptions): Promise<void>;
}

/** Null for any other message. */
export function readNotice(data: unknown): SystemNotice | null {
  if (typeof data !== 'object' || data === null) return null;
  const { type, kind, title, path } = data as Partial<Record<keyof SystemNotice, unknown>>;
  if (type !== 'notice' || typeof kind !== 'string' || typeof title !== 'string') return null;
  return isPath(path) ? { type, kind, title, path } : null;
}

/** Says it, unless somebody looks at a window: there it is seen as it stands. */
export async function showNotice({ kind, title, path }: SystemNotice, place: NoticePlace): Promise<void> {
  if ((await place.windows()).some(({ focused }) => focused)) return;
  await place.show(title, { tag: kind, icon: '/icons/icon-192.png', data: { path } });
}

/** Brings a window forward, and to the page; opens one where none is left. */
export async function openNotice(data: unknown, place: NoticePlace): Promise<void> {
  const path = typeof data === 'object' && data !== null ? Reflect.get(data, 'path') : null;
  const own = isPath(path) ? path : '/';
  const [window] = await place.windows();
  if (window === undefined) {
    await place.openWindow(own);
    return;
  }
  await window.focus();
  window.postMessage({ open: own });
}

/** Within this site. */
function isPath(path: unknown): path is string {
  return typeof path === 'string' && /^\/[a-z-]*$/.test(path);
}
