// A dialog that asks before something is final. It keeps the focus, and gives it back where it has come from.
import { isJson } from "./json.js";

// Answers whether it was done; `act` takes what the dialog's fields hold, and answers why not, or nothing.
export function ask(id, subject, opener, act) {
  const dialog = document.getElementById(id);
  const form = dialog.querySelector("form");
  const refusal = dialog.querySelector("[role=alert]");
  form.reset();
  refusal.textContent = "";
  dialog.returnValue = "";
  for (const each of dialog.querySelectorAll("[data-subject]")) each.textContent = subject;
  form.querySelector("[value=cancel]").onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    if (![...form.querySelectorAll("[data-json]")].every((area) => isJson(area, refusal))) return;
    form.ariaBusy = "true";
    refusal.textContent = (await act(Object.fromEntries(new FormData(form)))) ?? "";
    form.ariaBusy = "false";
    if (!refusal.textContent) dialog.close("done");
  };
  dialog.showModal();
  return new Promise((tell) => {
    dialog.onclose = () => {
      const isDone = dialog.returnValue === "done";
      if (!isDone) back(opener);
      tell(isDone);
    };
  });
}

// The page may have been renewed meanwhile: then the same button is another element, or there is none any more.
function back(opener) {
  const { action } = opener.dataset;
  const same = action && document.querySelector(`[data-action="${CSS.escape(action)}"]`);
  (opener.isConnected ? opener : same || document.querySelector("main")).focus();
}
