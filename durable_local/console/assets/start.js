// The form that starts an execution; the server knows which sample events there are, and for which function.
import { act } from "./acting.js";
import { ask } from "./dialog.js";
import { isJson } from "./json.js";
import { sayAt } from "./saying.js";

const form = document.querySelector("form.start");
const [functions, samples] = ["function", "sample"].map((name) => form.querySelector(`[name=${name}]`));
const [name, event, mistake] = ["name", "event", "mistake"].map((id) => document.getElementById(id));
let sample = samples.value;
let shown = Promise.resolve();

form.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  const opener = submitted.submitter ?? document.activeElement;
  await shown;
  if (!isJson(event, mistake)) return;
  const chosen = functions.selectedOptions[0].text;
  let done;
  const isDone = await ask("start", name.value ? `${chosen} as ${name.value}` : chosen, opener, async () => {
    done = await act(form.dataset.action, { function: chosen, name: name.value, event: event.value });
    return done.isDone ? "" : done.message;
  });
  if (isDone) sayAt(done.to, done.message);
});

function isOwn() {
  return event.value !== event.defaultValue;
}

async function load(asked) {
  const answer = await fetch(`${form.action}?${new URLSearchParams(asked)}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  mistake.textContent = answer.ok ? "" : page.querySelector("main p:not(:empty)").textContent;
  if (!answer.ok) return;
  const isTaken = asked.sample || !isOwn();
  const fresh = page.querySelector("[name=sample]");
  sample = isTaken ? fresh.value : "";
  samples.replaceChildren(...fresh.childNodes);
  samples.value = sample;
  if (isTaken) event.value = event.defaultValue = page.getElementById("event").value;
}

function show(asked) {
  shown = shown.then(() => load(asked)).catch(() => {
    mistake.textContent = "The server has not answered, so no sample event is shown.";
  });
}

functions.addEventListener("change", () => show({ function: functions.value }));
samples.addEventListener("change", async () => {
  if (isOwn() && !(await ask("replace", samples.value, samples, async () => ""))) samples.value = sample;
  else show({ function: functions.value, sample: samples.value });
});
// Somebody may have chosen before this script came, and browsers choose again what was chosen before a reload.
if (functions.value !== functions.querySelector("[selected]").value) show({ function: functions.value });
