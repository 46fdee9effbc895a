// The panel that tells what the cursor is on.
import { exactly } from "./scale.js";

const WORDS = {
  runs: "runs", waits: "waits", retries: "waits to be tried again", holds: "contains", replays: "replays",
};
const GAP = 14;

export function tell(panel, row, bar, moments, { scale, began }) {
  const name = document.createElement("strong");
  name.textContent = row.querySelector(".label").textContent;
  const kind = row.querySelector(".kind")?.textContent;
  const status = row.querySelector(".mark")?.getAttribute("aria-label");
  const took = row.querySelector(".took").textContent;
  const lines = [[name, kind, status, took]];
  if (bar) {
    const [begun, ended] = moments;
    lines.push([WORDS[doing(bar)], attempt(row, bar), so(bar), exactly(ended - begun)]);
    lines.push(`from ${scale.moment(begun, began)}`.split(" · "));
    lines.push(isOpen(bar) ? ["until now"] : `to ${scale.moment(ended, began)}`.split(" · "));
  }
  panel.replaceChildren(...lines.map(paragraph));
}

// Lines are broken after the dots between the parts, and inside a part only if it is longer than a line.
function paragraph(parts) {
  const made = document.createElement("p");
  for (const each of parts.filter(Boolean)) {
    const part = document.createElement("span");
    part.append(each);
    made.append(...(made.hasChildNodes() ? ["\u00a0· ", part] : [part]));
  }
  return made;
}

// Beside a point, and never out of sight.
export function place(panel, { x, y }) {
  const { width, height } = panel.getBoundingClientRect();
  const left = x + GAP + width > innerWidth ? x - GAP - width : x + GAP;
  const top = y + GAP + height > innerHeight ? y - GAP - height : y + GAP;
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, top)}px`;
}

function doing(bar) {
  return Object.keys(WORDS).find((each) => bar.classList.contains(each));
}

// Which of several attempts; a pause belongs to the attempt that comes after it.
function attempt(row, bar) {
  const runs = [...row.querySelectorAll("rect.runs")].sort((one, other) => parseInt(one.dataset.at) - parseInt(other.dataset.at));
  const number = runs.indexOf(bar) + 1;
  return number && runs.length > 1 && row.matches("a") ? `attempt ${number} of ${runs.length}` : "";
}

function so(bar) {
  if (isOpen(bar)) return "so far";
  return bar.classList.contains("failed") ? "failed" : "";
}

function isOpen(bar) {
  return Boolean(bar.nextElementSibling?.matches("[data-end].open"));
}
