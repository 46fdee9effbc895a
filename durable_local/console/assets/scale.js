// Which part of an execution's time is shown; moments are milliseconds since its beginning.
const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const ROUND = [
  1, 2, 5, 10, 20, 50, 100, 200, 500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((count) => count * DAY),
];
const SHORTEST = 10;
const UNITS = [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"]];
const wall = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});

export class Scale {
  constructor(length, from = 0, to = length) {
    Object.assign(this, { length, from, to });
  }

  get isFit() {
    return this.from <= 0 && this.to >= this.length;
  }

  // The same part of an execution that has gone on meanwhile; all of it stays all of it.
  renewed(length) {
    return this.isFit ? new Scale(length) : new Scale(length, this.from, this.to);
  }

  position(moment, width) {
    return ((moment - this.from) / (this.to - this.from)) * width;
  }

  fit() {
    this.#show(0, this.length);
  }

  zoom(times, around) {
    const span = Math.min(Math.max((this.to - this.from) / times, Math.min(SHORTEST, this.length)), this.length);
    const share = (around - this.from) / (this.to - this.from);
    this.#show(around - share * span, span);
  }

  pan(share) {
    const span = this.to - this.from;
    this.#show(this.from + share * span, span);
  }

  // Move as far as a moment needs to be in sight; tells whether that was anywhere.
  show(moment) {
    const before = this.from;
    if (moment < this.from) this.#show(moment, this.to - this.from);
    if (moment > this.to) this.#show(moment - (this.to - this.from), this.to - this.from);
    return this.from !== before;
  }

  #show(from, span) {
    this.from = Math.min(Math.max(from, 0), Math.max(this.length - span, 0));
    this.to = this.from + span;
  }

  marks(most) {
    const span = this.to - this.from;
    const step = ROUND.find((each) => span / each <= most) ?? ROUND.at(-1);
    const first = Math.ceil(this.from / step) * step;
    return Array.from({ length: Math.floor((this.to - first) / step) + 1 }, (_, number) => {
      const at = first + number * step;
      return [at, inWords(at)];
    });
  }

  // A moment as an offset and as the reader's clock had it.
  moment(offset, began) {
    return `+${exactly(offset)} · ${wall.format(began + Math.round(offset))}`;
  }
}

function inWords(milliseconds) {
  if (milliseconds < SECOND) return milliseconds ? `${milliseconds} ms` : "0";
  const words = parts(milliseconds);
  const rest = milliseconds % MINUTE;
  if (rest) words.push(`${rest / SECOND} s`);
  return words.slice(-2).join(" ");
}

export function exactly(milliseconds) {
  const whole = Math.round(milliseconds);
  return [...parts(whole), `${((whole % MINUTE) / SECOND).toFixed(3)} s`].join(" ");
}

function parts(milliseconds) {
  let rest = milliseconds;
  return UNITS.flatMap(([size, unit]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count ? [`${count} ${unit}`] : [];
  });
}
