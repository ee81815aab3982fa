"use strict";
// Files dropped or chosen are sent, a few at a time; whatever a name holds is shown as text only.
(() => {
  const box = document.getElementById("drop"), list = document.getElementById("sent"), told = document.getElementById("sending");
  const MOST_SHOWN = 200, READ_AFTER = 200, AT_ONCE = 4, largest = Number(box.dataset.largest) * 1048576;
  const waiting = [];
  let busy = false, done = 0, refused = 0, begun = 0;

  function row(name, words, bad) {
    const item = document.createElement("li"), mark = document.createElement("span");
    item.textContent = name + "　";
    mark.textContent = (bad ? "● " : "✓ ") + words;
    mark.className = bad ? "bad" : "good";
    item.append(mark);
    if (bad || list.childElementCount < MOST_SHOWN) list.prepend(item);
  }
  function left() {
    const rate = done / Math.max(1, (Date.now() - begun) / 1000);
    return waiting.length ? `，还有 ${waiting.length} 个，每秒 ${rate.toFixed(1)} 个，约剩 ${Math.ceil(waiting.length / Math.max(rate, 0.01))} 秒` : "";
  }
  async function send(name, file) {
    if (file.size > largest) return { taken: false, said: `超过 ${box.dataset.largest} MB，没有放入` };
    try {
      const answer = await fetch(`${box.dataset.to || "/received/files"}?name=${encodeURIComponent(name)}`, { method: "POST", body: file });
      return (answer.headers.get("content-type") || "").startsWith("application/json")
        ? await answer.json() : { taken: false, said: "没有放入，请确认桌面还开着，刷新页面再试" };
    } catch { return { taken: false, said: "没有传完：桌面可能已经关闭，或文件正被占用" }; }
  }
  // What has come is read at once, or after the command at work.
  const read = async () => box.dataset.to ? undefined : fetch("/received/read", { method: "POST", redirect: "manual" }).catch(() => undefined);
  const refresh = () => window.htmx && window.htmx.ajax("GET", location.href, { target: "#rows", select: "#rows", swap: "outerHTML" });
  async function work() {
    if (busy) return;
    busy = true; begun = Date.now(); done = 0; refused = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, sendWaiting));
    busy = false;
    if (done > refused) await read();
    refresh();
  }
  async function sendWaiting() {
    while (waiting.length) {
      const [name, file] = waiting.shift(), answer = await send(name, file);
      done += 1; refused += answer.taken ? 0 : 1;
      row(name, answer.said, !answer.taken);
      told.textContent = `已放入 ${done - refused} 个${refused ? `，没有放入 ${refused} 个` : ""}${left()}`;
      if (waiting.length && done % READ_AFTER === 0) read().then(refresh); // a stick of thousands: the first are read meanwhile
    }
  }
  function take(name, file) { waiting.push([name, file]); }
  async function walk(entry, path) {
    if (entry.isFile) {
      take(path + entry.name, await new Promise((good, bad) => entry.file(good, bad)));
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((good, bad) => reader.readEntries(good, bad));
        if (!some.length) return;
        for (const one of some) await walk(one, `${path}${entry.name}/`);
      }
    }
  }
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", async (event) => {
    event.preventDefault();
    box.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry && one.webkitGetAsEntry());
    const plain = [...event.dataTransfer.files];
    if (entries.some(Boolean)) for (const entry of entries) { if (entry) await walk(entry, ""); }
    else plain.forEach((file) => take(file.name, file));
    work();
  });
  for (const id of ["files", "folder"]) {
    const input = document.getElementById(id);
    if (input) input.addEventListener("change", (event) => {
      [...event.target.files].forEach((file) => take(file.webkitRelativePath || file.name, file));
      event.target.value = "";
      work();
    });
  }
  addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
})();
