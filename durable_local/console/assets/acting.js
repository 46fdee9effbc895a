// An action of the server, asked for with the permit that this origin keeps.
export async function act(address, members) {
  const headers = {
    "Content-Type": "application/json",
    "X-Durable-Permit": localStorage.getItem("durable-permit") ?? "",
  };
  try {
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(members) });
    const told = await answer.json();
    return { isDone: answer.ok, message: told.message ?? told.Message, to: told.to };
  } catch {
    const message = "No answer has come, so it is not known whether this was done. Look before you try again.";
    return { isDone: false, message };
  }
}
