/** What the page around the frame says to it. */
export type ToFrame =
  | { readonly type: 'show'; readonly bytes: ArrayBuffer; readonly words: FrameWords }
  /** 1 fits the width. */
  | { readonly type: 'zoom'; readonly zoom: number }
  | { readonly type: 'turn'; readonly quarters: number }
  | { readonly type: 'go'; readonly page: number }
  | { readonly type: 'find'; readonly text: string }
  | { readonly type: 'print' }
  | { readonly type: 'data'; readonly name: string; readonly bytes: ArrayBuffer | null };

export interface FrameWords {
  /** `#` stands for its number. */
  readonly page: string;
}

/** What the frame says. */
export type FromFrame =
  | { readonly type: 'shown'; readonly pages: number }
  | { readonly type: 'failed' }
  | { readonly type: 'at'; readonly page: number }
  /** Null when no page holds the words. */
  | { readonly type: 'found'; readonly page: number | null }
  | { readonly type: 'printing'; readonly done: number; readonly total: number }
  /** The key that closes what is open, pressed within the frame. */
  | { readonly type: 'escape' }
  /** A file of pdf.js that the frame, which has no network, asks for. */
  | { readonly type: 'data'; readonly name: string };
