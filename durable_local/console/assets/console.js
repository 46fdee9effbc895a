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
const REACHED = "a, button, pre, summary, [tabindex]";
const SCROLLED = "pre, .chart";
let messages = null;
let isRenewing = false;
let later = null;

function keepPlace(old, fresh) {
  const reached = [...old.querySelectorAll(REACHED)].indexOf(document.activeElement);
  const scrolled = [...old.querySelectorAll(SCROLLED)].map((each) => [each.scrollLeft, each.scrollTop]);
  const open = [...old.querySelectorAll("details")].map((each) => each.open);
  old.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((each, number) => { each.open = open[number] ?? each.open; });
  fresh.querySelectorAll(SCROLLED).forEach((each, number) => each.scrollTo(...(scrolled[number] ?? [0, 0])));
  if (reached >= 0) fresh.querySelectorAll(REACHED)[reached]?.focus({ preventScroll: true });
}

async function renew() {
  const isSelecting = !getSelection().isCollapsed;
  if (isRenewing || isSelecting) {
    later ??= setTimeout(() => { later = null; renew(); }, 1000);
    return;
  }
  isRenewing = true;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document, page].map((each) => each.querySelector("[data-renewed]"));
    if (answer.ok && old && fresh) {
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
