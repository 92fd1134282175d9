import { beginFrame } from './frame.ts';
import { pdfPages } from './pdf-pages.ts';

beginFrame(pdfPages);
