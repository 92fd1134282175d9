import { practiceChromium } from '../../../bench/practice-chromium.ts';
import { web } from '../../../bench/web.ts';
import { measuredProof } from '../measured.ts';

/** Figures of the benches, whose bars are theirs. */
export const speedProofs = [
  { bench: web, label: 'cold start, password to usable list', unit: 'ms' },
  { bench: practiceChromium, label: 'one search, 99th percentile', unit: 'ms' },
  { bench: web, label: 'opening a file, 95th percentile', unit: 'ms' },
  { bench: web, label: 'typing, key to frame, 99th percentile', unit: 'ms' },
  { bench: web, label: 'full-text search, median', unit: 'ms' },
  { bench: web, label: 'longest task of the page while files are read', unit: 'ms' },
  { bench: web, label: 'memory of the page and its worker', unit: 'MiB' },
  { bench: web, label: 'first load, JavaScript', unit: 'kB' },
].map((figure) => measuredProof('20 000 patients in Chromium', figure));
