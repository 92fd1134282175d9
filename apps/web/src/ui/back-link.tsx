import { createLink } from '@tanstack/react-router';
import { BackAnchor } from './back-anchor.tsx';

/** The way back, through the router. */
export const BackLink = createLink(BackAnchor);
