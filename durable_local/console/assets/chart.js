// The timeline: zoom, pan, and a cursor with exact times. The bars in sight are drawn from the moments they carry.
import { Scale } from "./scale.js";
import { place, tell } from "./telling.js";

const ROW = 24;
const SPARE = 8;
const CLOSE = 4;
const NARROWEST = 2;
const SLIP = 4;
let scale = null;
let chart = null;
let cursor = null;
let pointed = null;

function take(found) {
  const length = Math.max(Number(found.dataset.length), 1);
  scale = scale ? scale.renewed(length) : new Scale(length);
  chart = {
    root: found,
    began: Date.parse(found.dataset.began),
    axis: found.querySelector(".axis"),
    ticks: found.querySelector(".ticks"),
    grid: found.querySelector(".grid"),
    rows: found.querySelector(".rows"),
    lines: [...found.querySelectorAll(".row")],
    line: found.querySelector(".cursor"),
    flag: found.querySelector(".flag"),
    told: found.querySelector(".told"),
    drawn: 0,
    version: 1,
  };
  chart.drawnAs = new Array(chart.lines.length).fill(0);
  for (const each of found.querySelectorAll(".tools, .keys")) each.hidden = false;
  for (const [type, heard] of Object.entries(HEARD)) found.addEventListener(type, heard, { passive: false });
  new ResizeObserver(changed).observe(chart.ticks);
  draw();
  const row = pointed && chart.lines.find((each) => each.getAttribute("href") === pointed.address);
  if (row) pointTo(row, pointed.point);
}

function changed() {
  chart.version += 1;
  plan();
}

let isPlanned = false;
function plan() {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() => { isPlanned = false; draw(); });
}

// What is out of sight is drawn when it comes into sight.
function draw() {
  const width = chart.ticks.clientWidth;
  const top = chart.rows.getBoundingClientRect().top;
  const first = Math.max(0, Math.floor(-top / ROW) - SPARE);
  const last = Math.min(chart.lines.length, Math.ceil((innerHeight - top) / ROW) + SPARE);
  for (let number = first; number < last; number += 1) {
    if (chart.drawnAs[number] === chart.version) continue;
    chart.drawnAs[number] = chart.version;
    for (const bar of chart.lines[number].querySelectorAll("rect[data-at]")) stretch(bar, width);
  }
  if (chart.drawn !== chart.version) drawMarks(width);
  chart.drawn = chart.version;
  showCursor();
}

function moments(bar) {
  return bar.dataset.at.split(" ").map(Number);
}

function stretch(bar, width) {
  const [begun, ended] = moments(bar);
  const left = Math.max(scale.position(begun, width), -SLIP);
  const right = Math.min(Math.max(scale.position(ended, width), left + NARROWEST), width + SLIP);
  bar.setAttribute("x", left);
  bar.setAttribute("width", Math.max(right - left, 0));
  if (bar.nextElementSibling?.hasAttribute("data-end")) {
    const end = Math.max(scale.position(ended, width), scale.position(begun, width) + NARROWEST);
    bar.nextElementSibling.setAttribute("x", Math.min(Math.max(end, -SLIP), width + 2 * SLIP));
  }
}

function drawMarks(width) {
  const marks = scale.marks(Math.max(Math.floor(width / 90), 2));
  chart.ticks.replaceChildren(...marks.map(([at, words]) => {
    const text = svg("text", { x: scale.position(at, width), y: 16 });
    text.textContent = words;
    return text;
  }));
  chart.grid.replaceChildren(...marks.map(([at]) => {
    const x = scale.position(at, width);
    return svg("line", { x1: x, x2: x, y2: "100%" });
  }));
}

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// The cursor stands at a moment; where that is in the picture changes with the zoom.
function showCursor() {
  const width = chart.ticks.clientWidth;
  const isSeen = cursor !== null && cursor >= scale.from && cursor <= scale.to;
  chart.line.hidden = chart.flag.hidden = !isSeen;
  if (!isSeen) return;
  const left = chart.ticks.getBoundingClientRect().left - chart.rows.getBoundingClientRect().left;
  const at = left + scale.position(cursor, width);
  chart.line.style.left = `${at}px`;
  chart.flag.textContent = scale.moment(cursor, chart.began);
  const half = chart.flag.offsetWidth / 2;
  chart.flag.style.left = `${Math.min(Math.max(at, half), chart.root.clientWidth - half)}px`;
}

function pointTo(row, point) {
  const bar = row && cursor !== null ? barAt(row) : null;
  chart.told.hidden = !row;
  pointed = row && { address: row.getAttribute("href"), point };
  if (!row) return;
  tell(chart.told, row, bar, bar && moments(bar), { scale, began: chart.began });
  place(chart.told, point ?? pointOf(row));
}

// The shortest of those there; one that is hardly to be seen is met from close by.
function barAt(row) {
  const pixel = (scale.to - scale.from) / chart.ticks.clientWidth;
  const length = (bar) => moments(bar)[1] - moments(bar)[0];
  const isThere = (bar) => {
    const [begun, ended] = moments(bar);
    const reach = length(bar) < 2 * CLOSE * pixel ? CLOSE * pixel : 0;
    return begun - reach <= cursor && cursor <= ended + reach;
  };
  const there = [...row.querySelectorAll("rect[data-at]")].filter(isThere);
  return there.sort((one, other) => length(one) - length(other))[0] ?? null;
}

function pointOf(row) {
  const { bottom } = row.getBoundingClientRect();
  const ticks = chart.ticks.getBoundingClientRect();
  return { x: ticks.left + (cursor === null ? 0 : scale.position(cursor, ticks.width)), y: bottom };
}

function view(change) {
  const middle = cursor !== null && cursor >= scale.from && cursor <= scale.to ? cursor : (scale.from + scale.to) / 2;
  const changes = {
    in: () => scale.zoom(2, middle),
    out: () => scale.zoom(1 / 2, middle),
    fit: () => scale.fit(),
    back: () => scale.pan(-1 / 2),
    on: () => scale.pan(1 / 2),
  };
  changes[change]();
  changed();
}

function momentAt(x) {
  const { left, width } = chart.ticks.getBoundingClientRect();
  return scale.from + (Math.min(Math.max(x - left, 0), width) / width) * (scale.to - scale.from);
}

let grip = null;
const HEARD = {
  wheel(event) {
    const isZoom = event.ctrlKey || event.metaKey;
    const across = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (!isZoom && Math.abs(across) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (isZoom) scale.zoom(Math.exp(-event.deltaY * lines / 400), momentAt(event.clientX));
    else scale.pan(across * lines / chart.ticks.clientWidth);
    changed();
  },
  pointerdown(event) {
    if (event.button === 0 && !event.target.closest("button")) grip = { x: event.clientX, isMoving: false };
  },
  pointermove(event) {
    if (grip && Math.abs(event.clientX - grip.x) > SLIP && !grip.isMoving) {
      grip.isMoving = true;
      chart.root.setPointerCapture(event.pointerId);
      chart.root.classList.add("moving");
    }
    if (grip?.isMoving) {
      scale.pan((grip.x - event.clientX) / chart.ticks.clientWidth);
      grip.x = event.clientX;
      changed();
      pointTo(null);
      return;
    }
    const row = event.target.closest(".row");
    const { left, right } = chart.ticks.getBoundingClientRect();
    cursor = event.clientX >= left && event.clientX <= right ? momentAt(event.clientX) : null;
    showCursor();
    pointTo(row, { x: event.clientX, y: event.clientY });
  },
  pointerup: letGo,
  pointercancel: letGo,
  pointerleave() {
    if (grip?.isMoving) return;
    cursor = null;
    showCursor();
    pointTo(null);
  },
  click(event) {
    const button = event.target.closest("[data-view]");
    if (button) view(button.dataset.view);
    if (chart.root.classList.contains("moving")) event.preventDefault(); // it was no click, but the end of a drag
    chart.root.classList.remove("moving");
  },
  dragstart(event) {
    event.preventDefault();
  },
  keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button")) return;
    const act = keys(event);
    if (!act) return;
    event.preventDefault();
    act();
  },
  focusout(event) {
    if (!chart.root.contains(event.relatedTarget)) pointTo(null);
  },
};

function letGo() {
  if (grip?.isMoving) setTimeout(() => chart.root.classList.remove("moving"));
  grip = null;
}

function keys(event) {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (across && event.shiftKey) return () => view(across < 0 ? "back" : "on");
  if (across) return () => moveTo((cursor ?? (across > 0 ? scale.from : scale.to)) + across * (scale.to - scale.from) / 100);
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (down) return () => moveBy(down);
  return {
    "+": () => view("in"), "=": () => view("in"), "-": () => view("out"), "0": () => view("fit"),
    Home: () => moveTo(0), End: () => moveTo(scale.length),
    Escape: () => { cursor = null; showCursor(); pointTo(null); },
  }[event.key];
}

function moveTo(moment) {
  cursor = Math.min(Math.max(moment, 0), scale.length);
  if (scale.show(cursor)) changed();
  showCursor();
  pointTo(document.activeElement.closest(".row"));
}

function moveBy(down) {
  const links = chart.lines.filter((each) => each.matches("a"));
  const next = links.indexOf(document.activeElement) + down;
  const row = links[Math.min(Math.max(next, 0), links.length - 1)];
  row.focus({ focusVisible: true });
  pointTo(row);
}

function begin() {
  const found = document.querySelector(".chart");
  if (found) take(found);
}

addEventListener("scroll", () => { if (chart) plan(); }, { passive: true });
document.addEventListener("renewed", begin);
begin();
