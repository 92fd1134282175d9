import { isDeepStrictEqual } from 'node:util';
import type { CodedError } from '@serment/core/error';
import type { AskedPlace, TriedPlace } from '@serment/core/wire/copy-place';
import { ConfigError } from '@serment/store/config-file';
import { preparePlace } from '@serment/store/copy/copies-file';
import { CopyError } from '@serment/store/copy/copy-error';
import { type CopyPlace, placeOf } from '@serment/store/copy/places';
import { claimPlace, tryPlace } from '@serment/store/copy/try-place';
import type { Store } from '@serment/store/store';
import type { FastifyBaseLogger } from 'fastify';
import { ServerError } from '../error.ts';
import type { CopyJob } from '../jobs/copies.ts';

export interface CopyAdditionsOptions {
  readonly store: Store;
  readonly copies: Pick<CopyJob, 'places' | 'retired' | 'add'>;
  readonly dataDir: string;
  /** Where the next start reads what is added. */
  readonly copiesFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: FastifyBaseLogger;
}

/** What the console's pages read at most. */
const maxCopies = 64;

/** New copies that operators add while the server runs (docs/operations.md, Adding a copy). */
export class CopyAdditions {
  readonly #options: CopyAdditionsOptions;

  constructor(options: CopyAdditionsOptions) {
    this.#options = options;
  }

  /** What stands at the place, once nothing speaks against it. Throws COPY_REFUSED, with the `reason`. */
  try(asked: AskedPlace): Promise<TriedPlace> {
    return refusing(async () => {
      const place = placeAsked(asked);
      await this.#refuseName(place.name);
      return tryPlace(place, await this.#tryOptions());
    });
  }

  /** True for a copy that was added already, in the same words: asking twice is asking once. */
  isHere(asked: AskedPlace): Promise<boolean> {
    return refusing(async () => {
      const place = placeAsked(asked);
      return this.#options.copies.places.some((known) => isDeepStrictEqual(known, place));
    });
  }

  /**
   * Adds a copy and begins to write it. `trace` writes the act in the journals once all is ready that can fail before it;
   * where it throws, nothing is left but the copy's marker in its place. Throws COPY_REFUSED, with the `reason`, and what
   * `trace` throws.
   */
  async add(asked: AskedPlace, trace: (place: CopyPlace) => Promise<void>): Promise<void> {
    const { copies, copiesFile, env, log } = this.#options;
    const { place, prepared } = await refusing(async () => {
      const wanted = placeAsked(asked);
      await this.#refuseName(wanted.name);
      await tryPlace(wanted, await this.#tryOptions());
      const ready = await preparePlace(copiesFile, wanted, env);
      try {
        await claimPlace(wanted, {});
      } catch (cause) {
        await ready.abandon();
        throw cause;
      }
      return { place: wanted, prepared: ready };
    });
    try {
      await trace(place);
      await refusing(() => prepared.commit());
    } finally {
      await prepared.abandon();
    }
    log.info({ destination: place.name }, 'a copy was added');
    await copies.add(place);
  }

  /** Of copies that were retired too, and that no file names any more: a name stands in journals, for one place. */
  async #refuseName(name: string): Promise<void> {
    const { store, copies } = this.#options;
    const known = [...copies.places, ...copies.retired.map(({ place }) => place)];
    const gone = (await store.retiredCopies.list()).map(({ copy }) => copy);
    if (known.length >= maxCopies) throw refused('COPIES_TOO_MANY');
    if (gone.includes(name) || known.some((place) => place.name === name)) throw refused('COPY_NAME_USED');
  }

  async #tryOptions() {
    const { store, copies, dataDir } = this.#options;
    const practices = new Set(await store.capture.practices());
    return { others: [...copies.places, ...copies.retired.map(({ place }) => place)], dataDir, practices };
  }
}

/** Under the rules of the file of copies. Throws USAGE. */
function placeAsked(asked: AskedPlace): CopyPlace {
  const { name } = asked;
  if (asked.kind === 'folder') return placeOf({ name, members: { folder: asked.path }, credentials: null });
  const { endpoint, region, bucket, prefix, lockDays, tailLockDays, megabytesPerSecond } = asked;
  const { accessKeyId, secretAccessKey } = asked;
  return placeOf({
    name,
    members: {
      ...{ ...(endpoint === '' ? {} : { endpoint }), region, bucket, ...(prefix === '' ? {} : { prefix }) },
      ...{ lockDays, tailLockDays, ...(megabytesPerSecond === null ? {} : { megabytesPerSecond }) },
    },
    credentials: { accessKeyId, secretAccessKey },
  });
}

/** Says of whatever a place is refused for why, without what was typed: that may hold a secret. */
async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ConfigError) throw refused('COPY_PLACE_INVALID', cause, String(cause.fields.field ?? ''));
    throw cause instanceof CopyError ? refused(cause.code, cause) : cause;
  }
}

function refused(reason: string, cause?: CodedError, field?: string): ServerError {
  const hint = cause?.hint ?? null;
  return new ServerError('COPY_REFUSED', 'This place is not taken for a copy', {
    ...{ cause, fields: { reason, ...(field === undefined ? {} : { field }) } },
    ...(hint === null ? {} : { hint }),
  });
}
