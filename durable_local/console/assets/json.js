// Where a text is not JSON, in words that tell people what to mend.
const SPACE = /[ \t\n\r]*/y;
const TOKEN =
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const [VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, MORE, END] = [
  "a value", "a value or ]", "a name in double quotes", "a name in double quotes or }", "a colon", "a comma", "the end",
];

function taken(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function after(open) {
  return open.length ? MORE : END;
}

// What may follow a token where something is expected; nothing if the token must not stand there.
function following(token, expected, open) {
  if (token === open.at(-1) && [VALUE_OR_END, NAME_OR_END, MORE].includes(expected)) {
    open.pop();
    return after(open);
  }
  if (expected === COLON) return token === ":" ? VALUE : null;
  if (expected === MORE) return token === "," ? (open.at(-1) === "}" ? NAME : VALUE) : null;
  if (expected === NAME || expected === NAME_OR_END) return token.startsWith('"') ? COLON : null;
  if (expected === END || "}],:".includes(token)) return null;
  if (!"{[".includes(token)) return after(open);
  open.push(token === "{" ? "}" : "]");
  return token === "{" ? NAME_OR_END : VALUE_OR_END;
}

function words(text, at, expected, open) {
  const wanted = expected === MORE ? `a comma or ${open.at(-1)}` : expected;
  if (at === text.length) return `the text ends where ${wanted} is expected`;
  const isText = text[at] === '"' && !taken(TOKEN, text, at);
  if (isText) return "a text begins here that does not end, or holds a letter that must be escaped";
  return `${wanted} is expected, not ${[...text.slice(at, at + 2)][0]}`;
}

export function mistake(text) {
  const open = [];
  let [at, expected] = [0, VALUE];
  for (;;) {
    at += taken(SPACE, text, at).length;
    const token = taken(TOKEN, text, at);
    const next = token && following(token, expected, open);
    if (!next) break;
    at += token.length;
    expected = next;
  }
  if (at === text.length && expected === END) return null;
  const lines = text.slice(0, at).split("\n");
  return { at, line: lines.length, column: lines.at(-1).length + 1, words: words(text, at, expected, open) };
}

// Whether a field holds JSON; if not, the line for it says so, and the mistake is selected.
export function isJson(area, line) {
  const wrong = area.dataset.json === "optional" && !area.value ? null : mistake(area.value);
  area.ariaInvalid = wrong ? "true" : "false";
  line.textContent = wrong ? `Line ${wrong.line}, column ${wrong.column}: ${wrong.words}.` : "";
  if (wrong) {
    area.focus();
    area.setSelectionRange(wrong.at, wrong.at + 1);
  }
  return !wrong;
}
