"use strict";
// Keys of the finding page: 1–4 an opinion, u takes it back, j and k the next and the one before.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
  const meant = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (meant && !meant.disabled) { event.preventDefault(); meant.click(); }
});
// The faulty cell into sight, within its own box only.
function showFaulty() {
  const cell = document.getElementById("faulty"), box = cell && cell.closest(".grid");
  if (!box) return;
  const past = (end, seen) => Math.max(0, end + 8 - seen);
  box.scrollTop = past(cell.offsetTop + cell.offsetHeight, box.clientHeight);
  box.scrollLeft = past(cell.offsetLeft + cell.offsetWidth, box.clientWidth);
}
showFaulty();
// On paper the whole of it stands, from its first row and column.
addEventListener("beforeprint", () => document.querySelectorAll(".grid").forEach((box) => box.scrollTo(0, 0)));
addEventListener("afterprint", showFaulty);
