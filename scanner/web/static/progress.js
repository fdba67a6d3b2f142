// Keeps the progress panel fresh while there is work, and loads the page anew when it has ended.
"use strict";

const INTERVAL = 2000;

async function look() {
  const panel = document.getElementById("progress");
  if (!panel || panel.dataset.live !== "yes") {
    return;
  }
  try {
    const answer = await fetch(panel.dataset.from, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!fresh || fresh.dataset.live !== "yes") {
      window.location.reload();
      return;
    }
    panel.replaceWith(document.adoptNode(fresh));
  } catch {
    // The server is away for a moment: the next look may find it.
  }
  window.setTimeout(look, INTERVAL);
}

window.setTimeout(look, INTERVAL);
