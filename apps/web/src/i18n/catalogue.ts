import type { fr } from './fr.ts';

export type Texts<Shape> = { readonly [Key in keyof Shape]: Shape[Key] extends string ? string : Texts<Shape[Key]> };

/** The keys of the French catalogue; a language that lacks one does not compile. */
export type Catalogue = Texts<typeof fr>;
