import type { FrameWords, FromFrame, ToFrame } from './frame-messages.ts';
import type { ShownPage } from './shown-page.ts';

interface Slot {
  readonly page: ShownPage;
  readonly element: HTMLElement;
  isNear: boolean;
  /** How it is drawn now; '' for not at all. */
  drawn: string;
}

interface PageListParts {
  readonly words: FrameWords;
  readonly say: (message: FromFrame) => void;
}

/** What stands around the pages. */
const margin = 12;
/** Of a sheet on paper: enough for small print. */
const printScale = 150 / 72;

/** Pages under each other. Those near the eye are drawn, the others are their size: 150 pages weigh what three do. */
export class PageList {
  readonly #parts: PageListParts;
  readonly #root: HTMLElement;
  readonly #slots: Slot[];
  #zoom = 1;
  #quarters = 0;
  #at = 1;
  #drawing: Promise<void> | null = null;

  constructor(root: HTMLElement, pages: readonly ShownPage[], parts: PageListParts) {
    this.#parts = parts;
    this.#root = root;
    this.#slots = pages.map((page, place) => {
      const element = document.createElement('div');
      element.className = 'page';
      element.role = 'img';
      element.ariaLabel = parts.words.page.replace('#', String(place + 1));
      return { page, element, isNear: false, drawn: '' };
    });
    root.replaceChildren(...this.#slots.map(({ element }) => element));
    const near = new IntersectionObserver((entries) => this.#takeNear(entries), { rootMargin: '800px 0px' });
    for (const { element } of this.#slots) near.observe(element);
    addEventListener('resize', () => this.#lay());
    addEventListener('scroll', () => this.#tellPlace(), { passive: true });
    this.#lay();
  }

  async take(message: Exclude<ToFrame, { type: 'show' | 'data' }>): Promise<void> {
    if (message.type === 'zoom') this.#zoom = message.zoom;
    if (message.type === 'turn') this.#quarters = message.quarters;
    if (message.type === 'zoom' || message.type === 'turn') this.#lay();
    if (message.type === 'go') this.#go(message.page);
    if (message.type === 'find') await this.#find(message.text);
    if (message.type === 'print') await this.#print();
  }

  /** Gives each page its size, and draws again what is near. */
  #lay(): void {
    for (const slot of this.#slots) {
      const { width, height } = this.#sizeOf(slot.page);
      slot.element.style.width = `${width}px`;
      slot.element.style.height = `${height}px`;
    }
    this.#go(this.#at);
    this.#draw();
  }

  /** A page fits the frame's width at zoom 1, and no picture is enlarged beyond its own size by that. */
  #scaleOf(page: ShownPage): number {
    const isAside = this.#quarters % 2 === 1;
    const width = isAside ? page.height : page.width;
    return Math.min((document.documentElement.clientWidth - 2 * margin) / width, 2) * this.#zoom;
  }

  #sizeOf(page: ShownPage): { width: number; height: number } {
    const scale = this.#scaleOf(page);
    const isAside = this.#quarters % 2 === 1;
    return {
      width: Math.round((isAside ? page.height : page.width) * scale),
      height: Math.round((isAside ? page.width : page.height) * scale),
    };
  }

  #takeNear(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const slot = this.#slots.find(({ element }) => element === target);
      if (slot !== undefined) slot.isNear = isIntersecting;
    }
    this.#draw();
  }

  #draw(): void {
    this.#drawing ??= this.#drawAll().finally(() => {
      this.#drawing = null;
    });
  }

  async #drawAll(): Promise<void> {
    while (true) {
      for (const slot of this.#slots)
        if (!slot.isNear && slot.drawn !== '') {
          slot.drawn = '';
          slot.element.replaceChildren();
        }
      const next = this.#slots.find((slot) => slot.isNear && slot.drawn !== this.#wanted(slot.page));
      if (next === undefined) return;
      const wanted = this.#wanted(next.page);
      const canvas = document.createElement('canvas');
      next.drawn = wanted;
      await next.page.draw(canvas, this.#scaleOf(next.page) * devicePixelRatio, this.#quarters).then(
        () => next.element.replaceChildren(canvas),
        // A page that is damaged stays blank and is said to be; the others are shown.
        () => next.element.classList.add('is-damaged'),
      );
      if (canvas.height > 0) this.#fit(next, canvas.width / canvas.height);
    }
  }

  /** A page of another shape than the first takes its own height. */
  #fit(slot: Slot, ratio: number): void {
    const { width } = this.#sizeOf(slot.page);
    slot.element.style.height = `${Math.round(width / ratio)}px`;
  }

  #wanted(page: ShownPage): string {
    return `${this.#scaleOf(page).toFixed(3)} ${this.#quarters} ${devicePixelRatio}`;
  }

  #go(page: number): void {
    this.#at = Math.min(Math.max(1, page), this.#slots.length);
    const top = this.#slots[this.#at - 1]?.element.offsetTop ?? 0;
    scrollTo({ top: this.#at === 1 ? 0 : top - margin });
    this.#parts.say({ type: 'at', page: this.#at });
  }

  #tellPlace(): void {
    const middle = scrollY + innerHeight / 2;
    const behind = this.#slots.findIndex(({ element }) => element.offsetTop > middle);
    const page = behind === -1 ? this.#slots.length : Math.max(1, behind);
    if (page === this.#at) return;
    this.#at = page;
    this.#parts.say({ type: 'at', page });
  }

  /** The next page that holds the words, from the one behind this on, around the end. */
  async #find(text: string): Promise<void> {
    const wanted = folded(text);
    const count = this.#slots.length;
    for (let step = 1; step <= count; step += 1) {
      const place = (this.#at - 1 + step) % count;
      // A page that is damaged holds no words, and keeps none of the others from being looked through.
      const words = await this.#slots[place]?.page.text().catch(() => '');
      if (!folded(words ?? '').includes(wanted)) continue;
      this.#go(place + 1);
      this.#parts.say({ type: 'found', page: place + 1 });
      return;
    }
    this.#parts.say({ type: 'found', page: null });
  }

  /** Every page as a picture, one at a time, then the browser's own dialog. */
  async #print(): Promise<void> {
    const paper = document.createElement('div');
    paper.id = 'paper';
    const urls: string[] = [];
    const canvas = document.createElement('canvas');
    for (const [place, { page }] of this.#slots.entries()) {
      this.#parts.say({ type: 'printing', done: place, total: this.#slots.length });
      await page.draw(canvas, Math.min(printScale, 2400 / Math.max(page.width, page.height)), this.#quarters);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
      // A sheet that is left out would be missed by nobody.
      if (blob === null) throw new Error('A page was not drawn');
      const picture = new Image();
      picture.src = URL.createObjectURL(blob);
      urls.push(picture.src);
      await picture.decode();
      paper.append(picture);
    }
    this.#parts.say({ type: 'printing', done: this.#slots.length, total: this.#slots.length });
    this.#root.after(paper);
    print();
    paper.remove();
    for (const url of urls) URL.revokeObjectURL(url);
  }
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
