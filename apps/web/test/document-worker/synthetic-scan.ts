import { encodeQR } from 'qr';
import type { Pixels } from '../../src/document-worker/perspective.ts';

/** How a sheet came out of a scanner. */
export interface ScanOptions {
  readonly dpi: number;
  /** Degrees, in any direction. */
  readonly angle: number;
  /** Parts of a side by which a line leans. */
  readonly skew: number;
  readonly paper: number;
  readonly ink: number;
  /** Standard deviation of the grain, of 255. */
  readonly grain: number;
  /** Passes of a box of 3 points. */
  readonly blur: number;
  /** How much darker the far side is. */
  readonly shadow: number;
  /** Black and white alone, as old machines send. */
  readonly isBitonal: boolean;
  readonly seed: number;
}

export const cleanScan: ScanOptions = {
  ...{ dpi: 150, angle: 0, skew: 0, paper: 255, ink: 0, grain: 0, blur: 0, shadow: 0, isBitonal: false, seed: 1 },
};

/** Whether there is ink at a place in millimetres of A4, from 0 to 210 and 0 to 297. */
export type Drawing = (x: number, y: number) => boolean;

const paperMm = { width: 210, height: 297 };
const mmPerPoint = 25.4 / 150;

/** What the pipeline reads: A4 at 150 dots per inch. Finer scans are several points of each, brought together. */
const [width, height] = [1240, 1754];

/** A scan of a sheet of A4 as it is read. */
export function scanOf(drawing: Drawing, options: ScanOptions): Pixels {
  const { dpi, angle, skew, shadow, paper, ink, seed } = options;
  const parts = Math.round(dpi / 150);
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let light = new Float32Array(width * height);
  const offsets = Array.from({ length: parts }, (_, part) => (part + 0.5) / parts);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      let inked = 0;
      for (const down of offsets)
        for (const across of offsets) {
          const x = (column + across - width / 2) * mmPerPoint;
          const y = (row + down - height / 2) * mmPerPoint;
          const u = x * cos + y * sin + skew * y;
          const v = -x * sin + y * cos;
          if (drawing(u + paperMm.width / 2, v + paperMm.height / 2)) inked += 1;
        }
      light[row * width + column] = paper - ((paper - ink) * inked) / (parts * parts) - (shadow * column) / width;
    }
  for (let pass = 0; pass < options.blur; pass += 1) light = blurred(light);
  const data = new Uint8ClampedArray(width * height * 4);
  const grey = new Uint32Array(data.buffer);
  const grainOf = grainy(seed);
  const middle = (paper + ink - shadow) / 2;
  for (let place = 0; place < light.length; place += 1) {
    const grained = (light[place] ?? 0) + (options.grain / parts) * grainOf(place);
    const value = options.isBitonal ? (grained < middle ? 0 : 255) : Math.min(255, Math.max(0, Math.round(grained)));
    grey[place] = 0xff000000 | (value * 0x010101);
  }
  return { data, width, height };
}

/** How the sheets of a pile may have come out: pale, grained, leaning, in any of four directions. */
export function tiredScan(number: number, random: () => number): ScanOptions {
  const between = (least: number, most: number) => least + random() * (most - least);
  const paper = between(190, 255);
  return {
    dpi: number % 3 === 0 ? 150 : 300,
    angle: 90 * (number % 4) + between(-12, 12),
    skew: between(-0.03, 0.03),
    ...{ paper, ink: paper - between(60, 190), grain: between(0, 14) },
    ...{ blur: Math.floor(between(0, 3)), shadow: between(0, 40), isBitonal: number % 10 === 9, seed: number },
  };
}

/** A separator sheet: its code, 60 mm wide, in the middle, under lines of large letters. */
export function sheetDrawing(text: string): Drawing {
  const rows = encodeQR(text, 'raw', { ecc: 'high', border: 4 });
  const side = 60;
  const [left, top] = [(paperMm.width - side) / 2, 150];
  return (x, y) => {
    const [column, row] = [((x - left) / side) * rows.length, ((y - top) / side) * rows.length];
    if (rows[Math.floor(row)]?.[Math.floor(column)] === true) return true;
    return y > 40 && y < 110 && y % 24 < 13 && x > 25 && x < 180 && isLetter(x / 9, y / 24);
  };
}

/** Lines as a letter has them. */
export const letterDrawing: Drawing = (x, y) =>
  y > 25 && y < 270 && x > 20 && x < 190 && y % 6 < 2.6 && isLetter(x / 2, y / 6);

/** Strokes that stand as letters do, the same at each call. */
function isLetter(x: number, y: number): boolean {
  const [cell, line] = [Math.floor(x), Math.floor(y)];
  const kind = (cell * 7919 + line * 104_729) % 5;
  const [across, down] = [x - cell, y - line];
  if (kind === 0) return false;
  return across < 0.22 || (kind > 2 && across > 0.6 && across < 0.8) || (kind % 2 === 0 && down % 0.25 < 0.06);
}

/** A box of three points across, then down. */
function blurred(light: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const across = new Float32Array(light);
  for (let place = 1; place < light.length - 1; place += 1)
    across[place] = ((light[place - 1] ?? 0) + (light[place] ?? 0) + (light[place + 1] ?? 0)) / 3;
  const made = new Float32Array(across);
  for (let place = width; place < across.length - width; place += 1)
    made[place] = ((across[place - width] ?? 0) + (across[place] ?? 0) + (across[place + width] ?? 0)) / 3;
  return made;
}

/** Mulberry32: the same numbers for a seed. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Grain of deviation 1, the same for a seed: a sheet of it is drawn once, and begun elsewhere for each scan. */
function grainy(seed: number): (place: number) => number {
  const start = Math.floor(seeded(seed)() * grains.length);
  return (place) => grains[(start + place) % grains.length] ?? 0;
}

const grains = (() => {
  const random = seeded(1);
  return Float32Array.from(
    { length: 65_521 },
    () => Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random()),
  );
})();
