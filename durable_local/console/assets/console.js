"use strict";
// Times in the reader's own zone; the exact value in UTC stays where the pointer rests.
const written = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const part = "2-digit";
const fine = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: part, hour: part, minute: part, second: part, fractionalSecondDigits: 3,
});
function localise(within) {
  for (const time of within.querySelectorAll("time")) {
    time.textContent = (time.className === "fine" ? fine : written).format(new Date(time.dateTime));
  }
}
localise(document);
for (const zone of document.querySelectorAll("[data-zone]")) {
  zone.textContent = written.resolvedOptions().timeZone;
}

// What a page shows is renewed when the server says that it has changed, as long as somebody looks at it.
const KEPT = "a, button, pre, summary, details, [tabindex]";
let messages = null;
let isRenewing = false;
let later = null;

// Elements by where they lead or where they stand, so that one is found again when others have come before it.
function named(within) {
  const counts = new Map();
  const found = new Map();
  for (const each of within.querySelectorAll(KEPT)) {
    const section = each.closest("section")?.getAttribute("aria-labelledby");
    const name = each.getAttribute("href") ?? `${section} ${each.localName} ${each.dataset.dialog}`;
    const number = counts.get(name) ?? 0;
    counts.set(name, number + 1);
    found.set(`${name} ${number}`, each);
  }
  return found;
}

function keepPlace(old, fresh) {
  const again = named(fresh);
  const kept = [...named(old)]
    .map(([name, each]) => [again.get(name), each === document.activeElement, each.open, each.scrollLeft, each.scrollTop])
    .filter(([found]) => found);
  old.replaceWith(fresh);
  for (const [found, hadFocus, open, left, top] of kept) {
    if (open !== undefined) found.open = open;
    if (left || top) found.scrollTo(left, top);
    if (hadFocus) found.focus({ preventScroll: true });
  }
  document.dispatchEvent(new Event("renewed"));
}

function isSelecting() {
  return !getSelection().isCollapsed;
}

function renewLater() {
  later ??= setTimeout(() => { later = null; renew(); }, 1000);
}

async function renew() {
  if (isRenewing || isSelecting()) {
    renewLater();
    return;
  }
  isRenewing = true;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document, page].map((each) => each.querySelector("[data-renewed]"));
    if (isSelecting()) {
      renewLater();
    } else if (answer.ok && old && fresh) {
      localise(fresh);
      keepPlace(old, fresh);
      if (!page.querySelector("[data-live]")) leave();
    }
  } finally {
    isRenewing = false;
  }
}

function follow() {
  const followed = document.querySelector("[data-live]");
  if (!followed || messages || document.hidden) return;
  messages = new EventSource(followed.dataset.live);
  messages.onmessage = renew;
}

function leave() {
  messages?.close();
  messages = null;
  if (!document.hidden) document.querySelector("[data-live]")?.removeAttribute("data-live");
}

document.addEventListener("acted", renew);
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
follow();
