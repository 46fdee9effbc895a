"use strict";
// The key leaves the address before anything else is loaded; what pages of this origin act with stays in its storage.
history.replaceState(null, "", "/console/");
const permit = document.querySelector("meta[name=permit]");
localStorage.setItem("durable-permit", permit.content);
permit.remove();
