// A dialog that asks before something is final. It keeps the focus, and gives it back where it has come from.
import { isJson } from "./json.js";

// Answers whether it was done; `act` takes what the dialog's fields hold, and answers why not, or an empty text.
export function ask(id, subject, opener, act) {
  const dialog = document.getElementById(id);
  const form = dialog.querySelector("form");
  const refusal = dialog.querySelector("[role=alert]");
  let refused = Promise.resolve("not asked");
  form.reset();
  refusal.textContent = "";
  for (const each of dialog.querySelectorAll("[data-subject]")) each.textContent = subject;
  // What is being done is waited for: whoever closes the dialog then would not hear what has come of it.
  const isBusy = () => form.ariaBusy === "true";
  dialog.oncancel = (event) => {
    if (isBusy()) event.preventDefault();
  };
  form.querySelector("[value=cancel]").onclick = () => {
    if (!isBusy()) dialog.close();
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (isBusy() || ![...form.querySelectorAll("[data-json]")].every((area) => isJson(area, refusal))) return;
    form.ariaBusy = "true";
    refused = act(Object.fromEntries(new FormData(form)));
    refusal.textContent = await refused;
    form.ariaBusy = "false";
    if (!refusal.textContent) dialog.close();
  };
  dialog.showModal();
  return new Promise((tell) => {
    dialog.onclose = async () => {
      const isDone = (await refused) === "";
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
