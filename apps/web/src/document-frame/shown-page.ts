/** A page that can be drawn, of whatever kind of document. */
export interface ShownPage {
  /** At 100 %, in CSS pixels, unturned. */
  readonly width: number;
  readonly height: number;
  draw(canvas: HTMLCanvasElement, scale: number, quarters: number): Promise<void>;
  /** Its words, for searching. */
  text(): Promise<string>;
}

/** Larger than this, some browsers draw nothing. */
const maxSide = 8192;
const maxArea = 33_554_432;

/** The largest scale up to `wanted` at which a page of this size is still drawn. */
export function drawnScale(width: number, height: number, wanted: number): number {
  return Math.min(wanted, maxSide / Math.max(width, height), Math.sqrt(maxArea / (width * height)));
}
