"use strict";
// Units ticked on 进度 stay ticked from page to page and through filters, until a reminder was asked for.
(() => {
  const BOXES = 'input[name="unit"][form="ticked"]', KEY = "催报";
  const ticked = new Set(JSON.parse(sessionStorage.getItem(KEY) || "[]"));

  function keep() {
    sessionStorage.setItem(KEY, JSON.stringify([...ticked]));
    const count = document.getElementById("ticked-count");
    if (count) count.textContent = ticked.size ? `（${ticked.size} 个）` : "";
  }
  function show() {
    for (const box of document.querySelectorAll(BOXES)) box.checked = ticked.has(box.value);
    keep();
  }
  document.addEventListener("change", (event) => {
    if (!event.target.matches(BOXES)) return;
    ticked[event.target.checked ? "add" : "delete"](event.target.value);
    keep();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "ticked") return;
    const shown = new Set([...document.querySelectorAll(BOXES)].map((box) => box.value));
    for (const value of ticked) {
      if (!shown.has(value)) event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "unit", value }));
    }
    ticked.clear();
    sessionStorage.removeItem(KEY);
  });
  document.addEventListener("htmx:afterSwap", show);
  addEventListener("pageshow", show);
})();
