// Buttons that change something: their form is posted as JSON, which no page of a stranger can do.
"use strict";
(() => {
  const outcome = document.getElementById("outcome");
  const who = document.getElementById("who");
  const key = "outcome:" + location.pathname;
  const show = (text, lines, bad) => {
    outcome.className = bad ? "notice bad" : "notice good";
    outcome.replaceChildren(document.createTextNode(text));
    if (lines.length > 0) {
      const list = document.createElement("ul");
      for (const line of lines) {
        const item = document.createElement("li");
        item.textContent = line;
        list.append(item);
      }
      outcome.append(list);
    }
    outcome.hidden = false;
    outcome.scrollIntoView({ block: "nearest" });
  };
  const done = sessionStorage.getItem(key);
  if (done) {
    sessionStorage.removeItem(key);
    show(done, [], false);
  }
  who.value = localStorage.getItem("who") || "";
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.post) {
      return;
    }
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    localStorage.setItem("who", who.value);
    try {
      const values = [...new FormData(form)].filter(([, value]) => value !== "");
      const response = await fetch(form.dataset.post, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ by: who.value || "console", ...Object.fromEntries(values) }),
      });
      const answer = await response.json();
      if (response.ok) {
        const mails = (answer.mails || []).map((mail) => mail.profile + " → " + mail.recipient);
        sessionStorage.setItem(
          key,
          answer.done || "Proof " + answer.proof + ": " + mails.join(", "));
        location.reload();
        return;
      }
      const faults = (answer.fileFaults || []).map((f) => f.file + ":" + f.line + " " + f.text);
      show((answer.title || response.status) + ". " + (answer.detail || ""), faults, true);
    } catch (failure) {
      show(String(failure), [], true);
    }
    button.disabled = false;
  });
})();
