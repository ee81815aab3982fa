"use strict";
// The drawn blank: arrow keys go from cell to cell (one stop of the tab key), and the cell that is told of is marked.
(() => {
  const cells = [...document.querySelectorAll("#blank td a")];
  if (!cells.length) return;
  cells.forEach((cell, number) => { cell.tabIndex = number ? -1 : 0; });
  const middle = (cell) => { const box = cell.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function go(to) {
    cells.forEach((cell) => { cell.tabIndex = cell === to ? 0 : -1; });
    to.focus();
  }
  document.getElementById("blank").addEventListener("keydown", (event) => {
    const way = ways[event.key], from = event.target.closest("td a");
    if (!way || !from) return;
    const [x, y] = middle(from);
    let best = null, nearest = Infinity;
    for (const cell of cells) {
      const [u, v] = middle(cell), along = (u - x) * way[0] + (v - y) * way[1], across = Math.abs((u - x) * way[1] + (v - y) * way[0]);
      if (cell !== from && along > 1 && along + 3 * across < nearest) { nearest = along + 3 * across; best = cell; }
    }
    if (best) { event.preventDefault(); go(best); }
  });
  function mark() {
    document.querySelectorAll("#blank td.chosen").forEach((cell) => cell.classList.remove("chosen"));
    const chosen = cells.find((cell) => location.hash && cell.getAttribute("href") === location.hash);
    if (chosen) chosen.closest("td").classList.add("chosen");
  }
  addEventListener("hashchange", mark);
  mark();
})();
