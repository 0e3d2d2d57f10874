// Renews the board each three seconds while it is looked at, and says so when headquarters does not answer.
"use strict";
const EVERY_MS = 3000, PATIENCE_MS = 10000;
const stale = document.getElementById("stale"), news = document.getElementById("news");

function renewed(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live");
  if (!fresh) throw new Error("not the board");
  const focused = document.activeElement && document.activeElement.id;
  document.getElementById("live").replaceWith(document.adoptNode(fresh));
  if (focused && document.activeElement === document.body) {
    const again = document.getElementById(focused);
    if (again) again.focus({preventScroll: true});
  }
  const told = fresh.dataset.news || "";
  if (news.textContent !== told) news.textContent = told;
}

async function renew() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(location.href, {cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS)});
      if (!answer.ok) throw new Error("status " + answer.status);
      renewed(await answer.text());
      stale.hidden = true;
    } catch (why) {
      stale.textContent = "No answer from headquarters since " + document.querySelector(".at").textContent + ". What you see is old.";
      stale.hidden = false;
    }
  }
  setTimeout(renew, EVERY_MS);
}

for (const choice of document.querySelectorAll("form select")) choice.addEventListener("change", () => choice.form.requestSubmit());
setTimeout(renew, EVERY_MS);
