// The buttons that answer callbacks and stop executions; they come and go as a page is renewed.
import { act } from "./acting.js";
import { ask } from "./dialog.js";
import { say } from "./saying.js";

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("button[data-dialog]");
  if (!opener) return;
  const { dialog, subject, action } = opener.dataset;
  let done;
  const isDone = await ask(dialog, subject, opener, async (members) => {
    done = await act(action, members);
    return done.isDone ? "" : done.message;
  });
  if (!isDone) return;
  say(done.message);
  document.dispatchEvent(new Event("acted"));
});
