import type { fr } from './fr.ts';
import type { frConsole } from './fr-console.ts';
import type { frRest } from './fr-rest.ts';

export type Texts<Shape> = { readonly [Key in keyof Shape]: Shape[Key] extends string ? string : Texts<Shape[Key]> };

/** The keys of French, in its two parts; a language that lacks one does not compile. */
export type FirstWords = Texts<typeof fr>;
export type RestOfWords = Texts<typeof frRest>;
export type Catalogue = Texts<typeof fr & typeof frRest & typeof frConsole>;
