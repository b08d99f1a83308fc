// Tells whether what the page shows is still true. htmx does the fetching.
"use strict";
(() => {
  const asOf = document.getElementById("as-of");
  const stale = document.getElementById("stale");
  document.addEventListener("htmx:afterRequest", (event) => {
    const fresh = event.detail.successful === true;
    stale.hidden = fresh;
    document.body.classList.toggle("stale", !fresh);
    const date = fresh && event.detail.xhr.getResponseHeader("Retour-As-Of");
    if (date) {
      asOf.textContent = date;
    }
  });
})();
