import { decodeQR } from 'qr/decode.js';
import type { Pixels } from './perspective.ts';

/** Of a page's longer side, in pixels: 150 dots per inch of A4. */
export const readSide = 1754;
/** What one page may take of a code reader that tries again, ms. */
const patienceMs = 400;
const effort = 6;

/** What a QR code on a page holds, however the page lies; null where none is read. */
export function codeIn(pixels: Pixels): string | null {
  // Smoothed and with its contrast back, what grain or a pale print hid is often read.
  for (const tried of [() => pixels, () => strengthened(pixels)])
    try {
      return decodeQR(tried(), { format: 'RGBA', effort, timeLimit: patienceMs });
    } catch {
      // No code, or none that is read this time.
    }
  return null;
}

/** What a scanner's lid and feet leave around a page, in parts of its sides. */
const edge = 0.025;
const tileSide = 32;
/** Of 255: a pencil's pale line is darker than its paper by more. */
const leastContrast = 14;
/** In half of the pixels' fineness: dust is less, a page's number more. */
const leastInk = 12;

/**
 * Whether nothing stands on a page: no point but dust is darker than the paper around it by more than the paper's own
 * grain. What shows through from the other side counts as something.
 */
export function isBlankPage(pixels: Pixels): boolean {
  const { light, width, height } = lightOf(pixels);
  const [left, top] = [Math.ceil(width * edge), Math.ceil(height * edge)];
  const tiles: { values: Uint8Array; paper: number; grain: number }[] = [];
  for (let row = top; row + tileSide <= height - top; row += tileSide)
    for (let column = left; column + tileSide <= width - left; column += tileSide) {
      const values = new Uint8Array(tileSide * tileSide);
      for (let line = 0; line < tileSide; line += 1) {
        const from = (row + line) * width + column;
        values.set(light.subarray(from, from + tileSide), line * tileSide);
      }
      const sorted = values.toSorted();
      const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
      tiles.push({ values, paper: at(0.5), grain: at(0.84) - at(0.5) });
    }
  const grains = tiles.map(({ grain }) => grain).sort((one, other) => one - other);
  const grain = grains[Math.floor(grains.length / 2)] ?? 0;
  const contrast = Math.max(leastContrast, 5 * grain);
  let ink = 0;
  for (const { values, paper } of tiles) {
    for (const value of values) if (value < paper - contrast) ink += 1;
    if (ink >= leastInk) return false;
  }
  return true;
}

/** Half as fine, in grey: what is lone among four points is grain. */
function lightOf({ data, width: across, height: down }: Pixels) {
  const [width, height] = [across >> 1, down >> 1];
  const light = new Uint8Array(width * height);
  const grey = (at: number) => 2 * (data[at] ?? 0) + 5 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const at = 4 * (2 * row * across + 2 * column);
      const below = at + 4 * across;
      light[row * width + column] = (grey(at) + grey(at + 4) + grey(below) + grey(below + 4)) >> 5;
    }
  return { light, width, height };
}

/** Half as fine, from black to white: a thousandth at each end is left out. */
function strengthened(pixels: Pixels): Pixels {
  const { light, width, height } = lightOf(pixels);
  const counts = new Uint32Array(256);
  for (const value of light) counts[value] = (counts[value] ?? 0) + 1;
  const endFrom = (levels: readonly number[]) => {
    let passed = 0;
    for (const level of levels) {
      passed += counts[level] ?? 0;
      if (passed > light.length / 1000) return level;
    }
    return 0;
  };
  const levels = [...counts.keys()];
  const darkest = endFrom(levels);
  const span = Math.max(1, endFrom(levels.toReversed()) - darkest);
  const data = new Uint8ClampedArray(4 * light.length);
  for (const [place, value] of light.entries()) data.fill((255 * (value - darkest)) / span, 4 * place, 4 * place + 3);
  return { data, width, height };
}
