"use strict";
// Times in the reader's own zone; the exact value in UTC stays where the pointer rests.
const written = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const part = "2-digit";
const fine = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: part, hour: part, minute: part, second: part, fractionalSecondDigits: 3,
});
for (const time of document.querySelectorAll("time")) {
  time.textContent = (time.className === "fine" ? fine : written).format(new Date(time.dateTime));
}
for (const zone of document.querySelectorAll("[data-zone]")) {
  zone.textContent = written.resolvedOptions().timeZone;
}
