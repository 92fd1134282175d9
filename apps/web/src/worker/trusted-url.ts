const policy = window.trustedTypes?.createPolicy('serment', {
  createScriptURL(url) {
    // The only scripts the application ever names are files of its own origin.
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError('A script of another origin');
    return url;
  },
});

/** A worker's address in the form that Trusted Types ask for, where the browser has them. */
export function trustedScriptUrl(url: string): string {
  return policy?.createScriptURL(url) ?? url;
}
