"use strict";
// What the command at work says, line by line; when it has ended the page is the whole of it again.
(() => {
  const now = document.querySelector("[data-events]");
  if (!now) return;
  const lines = document.getElementById("said-lines"), step = document.getElementById("step"), bar = document.getElementById("bar");
  const source = new EventSource(now.dataset.events);
  let first = true;
  source.addEventListener("open", () => { if (!first) lines.textContent = ""; first = false; });
  source.addEventListener("line", (event) => {
    lines.textContent += JSON.parse(event.data) + "\n";
    lines.scrollTop = lines.scrollHeight;
  });
  source.addEventListener("step", (event) => {
    const [words, done, total] = JSON.parse(event.data);
    step.textContent = words;
    if (total) bar.value = (100 * done) / total; else bar.removeAttribute("value");
  });
  source.addEventListener("end", () => { source.close(); location.replace("/work"); });
})();
