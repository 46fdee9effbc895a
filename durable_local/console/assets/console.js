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
const HELD = "pre, details, [tabindex]";
const REST = 3;
let messages = null;
let isRenewing = false;
let later = null;

// Elements by where they lead or where they stand, so that one is found again when others have come before it.
function named(within, kinds) {
  const counts = new Map();
  const found = new Map();
  for (const each of within.querySelectorAll(kinds)) {
    const section = each.closest("section")?.getAttribute("aria-labelledby");
    const name = each.getAttribute("href") ?? `${section} ${each.localName} ${each.dataset.dialog}`;
    const number = counts.get(name) ?? 0;
    counts.set(name, number + 1);
    found.set(`${name} ${number}`, each);
  }
  return found;
}

// What is scrolled or opened, and what has the focus. To ask thousands of links where they stand would take long.
function keepPlace(old, fresh) {
  const focused = document.activeElement;
  const kinds = `${HELD}, ${focused.localName}`;
  const again = named(fresh, kinds);
  const kept = [...named(old, kinds)]
    .filter(([name, each]) => again.has(name) && (each === focused || each.matches(HELD)))
    .map(([name, each]) => [again.get(name), each === focused, each.open, each.scrollLeft, each.scrollTop]);
  old.replaceWith(fresh);
  document.dispatchEvent(new Event("renewed"));
  for (const [found, hadFocus, open, left, top] of kept) {
    if (open !== undefined) found.open = open;
    if (left || top) found.scrollTo(left, top);
    if (hadFocus) found.focus({ preventScroll: true });
  }
}

function isSelecting() {
  return !getSelection().isCollapsed;
}

function renewLater() {
  later ??= setTimeout(() => { later = null; renew(); }, 1000);
}

// A page is taken apart as its parts come, so that a long one keeps nobody waiting. Nothing in it runs, or is loaded.
async function read(answer) {
  const page = document.implementation.createHTMLDocument();
  const parts = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  page.open();
  for (let part = await parts.read(); !part.done; part = await parts.read()) page.write(part.value);
  page.close();
  return page;
}

async function renew() {
  if (isRenewing || isSelecting()) {
    renewLater();
    return;
  }
  isRenewing = true;
  const begun = performance.now();
  try {
    const answer = await fetch(location.href);
    const page = await read(answer);
    const [old, fresh] = [document, page].map((each) => each.querySelector("[data-renewed]"));
    if (isSelecting()) {
      renewLater();
    } else if (answer.ok && old && fresh) {
      localise(fresh);
      keepPlace(old, fresh);
      if (!page.querySelector("[data-live]")) leave();
    }
  } finally {
    // A long page is renewed less often, so that to look at an execution does not slow it.
    setTimeout(() => { isRenewing = false; }, REST * (performance.now() - begun));
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
