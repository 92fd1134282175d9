// Runs before the application, in whatever browser comes: hence this old syntax, and words of its own in both languages.
// biome-ignore-all lint/suspicious/noVar: browsers of before 2015 must be able to read this.
// biome-ignore-all lint/complexity/useArrowFunction: as above.
// biome-ignore-all lint/complexity/useOptionalChain: as above.
// biome-ignore-all lint/complexity/noUselessCatchBinding: as above.
// biome-ignore-all lint/suspicious/noThenProperty: a promise that is known already, for browsers that may have none.
(function () {
  var french = !/^en/i.test(navigator.language || '');
  var words = {
    insecure: [
      'Cette adresse ne permet pas de chiffrer',
      'Serment chiffre vos dossiers dans cette page, avant tout envoi. Le navigateur ne le permet que sur une adresse https://, ou sur l’ordinateur même où Serment est installé (http://localhost). Rien n’a été chargé ni envoyé.',
      'Ouvrez Serment par son adresse https://, ou demandez-la à la personne qui l’a installé.',
      'This address does not allow encryption',
      'Serment encrypts your records in this page, before anything is sent. Browsers allow it only on an https:// address, or on the very computer where Serment is installed (http://localhost). Nothing was loaded or sent.',
      'Open Serment by its https:// address, or ask the person who installed it.',
    ],
    old: [
      'Ce navigateur est trop ancien',
      'Serment chiffre et signe dans cette page, avec des fonctions que ce navigateur n’a pas encore. Rien n’a été chargé ni envoyé, et vos dossiers sont intacts.',
      'Mettez-le à jour, ou ouvrez Serment avec une version récente de Firefox, Chrome, Edge ou Safari.',
      'This browser is too old',
      'Serment encrypts and signs in this page, with functions that this browser does not have yet. Nothing was loaded or sent, and your records are intact.',
      'Update it, or open Serment with a recent Firefox, Chrome, Edge or Safari.',
    ],
    unstarted: [
      'Serment n’a pas pu démarrer',
      'Une partie de l’application n’est pas arrivée, ou ce navigateur n’a pas pu l’ouvrir. Rien n’est effacé, ni dans le coffre, ni sur cet appareil.',
      'Rechargez cette page. Si cela dure, vérifiez la connexion, puis dites-le à la personne qui a installé Serment.',
      'Serment could not start',
      'A part of the application did not come, or this browser could not open it. Nothing is erased, neither in the vault nor on this device.',
      'Reload this page. If this lasts, check the connection, then tell the person who installed Serment.',
    ],
  };

  function show(reason) {
    var texts = words[reason].slice(french ? 0 : 3);
    var page = document.createElement('main');
    page.className = 'plain-page';
    page.setAttribute('data-reason', reason);
    ['p', 'h1', 'p', 'p'].forEach(function (tag, index) {
      var element = document.createElement(tag);
      element.textContent = index === 0 ? 'Serment' : texts[index - 1];
      element.className = ['plain-brand', '', '', 'plain-action'][index];
      page.appendChild(element);
    });
    function place() {
      document.body.replaceChildren ? document.body.replaceChildren(page) : document.body.appendChild(page);
    }
    if (document.body) place();
    else document.addEventListener('DOMContentLoaded', place);
    return false;
  }

  function missing() {
    if (window.isSecureContext === false || !(window.crypto && window.crypto.subtle)) return 'insecure';
    var hasAll =
      typeof JSON.rawJSON === 'function' &&
      typeof Map.groupBy === 'function' &&
      typeof WebAssembly === 'object' &&
      typeof window.indexedDB === 'object' &&
      typeof HTMLDialogElement === 'function';
    return hasAll ? null : 'old';
  }

  // true once this browser is known to do all that the application asks of it; false after saying why not.
  var reason = missing();
  if (reason !== null) {
    window.sermentCheck = {
      then: function (resolve) {
        resolve(show(reason));
      },
    };
    return;
  }

  // Once in half a minute: a page that never comes whole must say so, and not begin again without end.
  function mayBeginAgain() {
    var name = 'serment-began-again';
    try {
      if (Date.now() - Number(window.sessionStorage.getItem(name)) < 30000) return false;
      window.sessionStorage.setItem(name, String(Date.now()));
      return true;
    } catch (_) {
      return false;
    }
  }

  // The application calls it where it could not start: a page without a word would be all that is left.
  window.sermentNotStarted = function () {
    if (mayBeginAgain()) window.location.reload();
    else show('unstarted');
  };

  // It cannot call where it did not come. What is not of it, as an extension's own mistakes, stops nothing.
  window.addEventListener(
    'error',
    function (event) {
      var failed = event.target;
      if (failed instanceof window.HTMLScriptElement && failed.type === 'module') window.sermentNotStarted();
    },
    true,
  );

  window.sermentCheck = window.crypto.subtle.generateKey('Ed25519', false, ['sign']).then(
    function () {
      return true;
    },
    function () {
      return show('old');
    },
  );
})();
