/// <reference types="vite/client" />

interface Window {
  /** Set by public/check-browser.js, which runs first, if it came: true when this browser can do what the application needs. */
  readonly sermentCheck?: PromiseLike<boolean>;
  /** Set with it: begins again, once in half a minute, and then says that the application could not start. */
  readonly sermentNotStarted?: () => void;
}
