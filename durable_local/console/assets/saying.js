// What has happened, in the line that every page has for it; also what is to be said on the page that comes next.
const LATER = "durable-said";
const line = document.getElementById("said");

export function say(message) {
  line.textContent = message;
  line.focus();
}

export function sayAt(address, message) {
  sessionStorage.setItem(LATER, message);
  location.assign(address);
}

const waiting = sessionStorage.getItem(LATER);
sessionStorage.removeItem(LATER);
if (waiting) say(waiting);
