import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { demoPractice } from '@serment/records/demo/demo-practice';
import { fold } from '@serment/records/folded-words';
import { searchedText } from '@serment/records/page/search-text';
import { type SearchedDocument, TextIndex } from '@serment/replica/text-index';
import MiniSearch from 'minisearch';
import { type Bench, type Figure, interleave, median, percentile } from './bench.ts';

/** As many hits as the application shows. */
const limit = 50;

interface Searcher {
  /** How many texts have every word. */
  find(query: string): Promise<number>;
}

export const textSearch: Bench = {
  name: 'text-search',
  title: 'Words in all files: a scan of folded texts, and MiniSearch',
  method: `The texts of 1 000 invented patients, as a device that read all files holds them, in Node. *Scan* is the
application's own search: texts folded and joined, every word looked for in them. *MiniSearch* 7 has the same texts and the
same folding, finds words that begin so, and all words of a query. *Building* is from texts to the first answer, as at each
unlocking. *Memory* is the heap after every search and a collection, less the texts. Searches are of one word, of two, and of
three letters, drawn from the texts, and one word that is nowhere; each is asked of both in turn. The scan also finds the
inside of words and runs of words; what MiniSearch finds and the scan does not fails the run.`,
  bars: { 'scan, search, median': { most: 100 } },
  async run({ quick, progress }) {
    const texts = inventTexts(quick ? 200 : 1_000);
    const queries = queriesOf(texts, quick ? 10 : 20);
    progress(`${texts.length} texts, ${queries.length} queries`);
    const scan = await build(() => scanOf(texts));
    const mini = await build(() => miniSearchOf(texts));
    const times: Record<'scan' | 'mini', number[]> = { scan: [], mini: [] };
    for (const query of queries) {
      const found = { scan: 0, mini: 0 };
      const took = await interleave(
        {
          scan: async () => (found.scan = await scan.searcher.find(query)),
          mini: async () => (found.mini = await mini.searcher.find(query)),
        },
        { rounds: 1 },
      );
      if (found.scan < found.mini) throw new RangeError(`${query}: ${found.scan} texts, and ${found.mini}`);
      times.scan.push(...took.scan);
      times.mini.push(...took.mini);
    }
    const characters = texts.reduce((sum, { title, text }) => sum + title.length + text.length, 0);
    return [
      { label: 'texts', value: texts.length, unit: '' },
      { label: 'characters', value: characters / 1e6, unit: 'M' },
      ...figuresOf('scan', scan, times.scan),
      ...figuresOf('MiniSearch', mini, times.mini),
    ];
  },
};

interface Built {
  readonly searcher: Searcher;
  readonly buildMs: number;
  readonly bytes: number;
}

function figuresOf(name: string, { buildMs, bytes }: Built, times: readonly number[]): Figure[] {
  return [
    { label: `${name}, building`, value: buildMs, unit: 'ms' },
    { label: `${name}, memory`, value: bytes / 2 ** 20, unit: 'MiB' },
    { label: `${name}, search, median`, value: median(times), unit: 'ms' },
    { label: `${name}, search, 99th percentile`, value: percentile(times, 0.99), unit: 'ms' },
  ];
}

async function build(make: () => Searcher): Promise<Built> {
  const before = heapBytes();
  const startedAt = performance.now();
  const searcher = make();
  // A text that was only joined is laid out by the first scan of it.
  await searcher.find('nulle');
  const buildMs = performance.now() - startedAt;
  return { searcher, buildMs, bytes: heapBytes() - before };
}

function scanOf(texts: readonly SearchedDocument[]): Searcher {
  const index = new TextIndex();
  for (const text of texts) index.add(text);
  const options = { limit, isHidden: () => false, goesOn: async () => true };
  return { find: async (query) => (await index.search(query, options)).total };
}

function miniSearchOf(texts: readonly SearchedDocument[]): Searcher {
  const index = new MiniSearch<{ readonly id: number; readonly title: string; readonly text: string }>({
    fields: ['title', 'text'],
    tokenize: (text) => fold(text).split(' '),
    processTerm: (term) => term,
    searchOptions: { prefix: true, combineWith: 'AND', boost: { title: 8 } },
  });
  index.addAll(texts.map(({ title, text }, id) => ({ id, title, text })));
  return { find: async (query) => index.search(query).length };
}

function inventTexts(patients: number): SearchedDocument[] {
  const demo = demoPractice({ patients, seed: 1, today: new Date().toISOString().slice(0, 10) });
  const texts: SearchedDocument[] = [];
  for (const { patientId, resources } of demo.patients())
    for (const resource of resources) {
      const text = searchedText({ ...resource });
      const record = `${resource.resourceType}/${resource.id}`;
      if (text !== null) texts.push({ ...text, patient: `Patient/${patientId}`, record });
    }
  return texts;
}

/** One word, two, and the first letters of one, of texts that stand far apart; and a word that is nowhere. */
function queriesOf(texts: readonly SearchedDocument[], places: number): string[] {
  const queries = ['xylophoniste'];
  for (let place = 0; place < places; place += 1) {
    const { title = '', text = '' } = texts[Math.floor((place * texts.length) / places)] ?? {};
    const words = fold(`${title} ${text}`)
      .split(' ')
      .filter((word) => word.length > 3);
    const [first, second] = [words[place % words.length], words[(place * 7 + 3) % words.length]];
    if (first !== undefined && second !== undefined) queries.push(first, `${first} ${second}`, first.slice(0, 3));
  }
  return queries;
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}
