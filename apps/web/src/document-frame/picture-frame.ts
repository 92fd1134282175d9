import { beginFrame } from './frame.ts';
import { picturePage } from './picture-page.ts';

beginFrame(async (bytes) => [await picturePage(bytes)]);
