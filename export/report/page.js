// The page's own script. Texts come out of returned files: they reach the document by textContent only.
const $ = window.$; // jQuery with DataTables, put there by the library before this script

const CHINESE = {
  emptyTable: "没有内容",
  zeroRecords: "没有符合条件的行",
  info: "第 _START_ 至 _END_ 行，共 _TOTAL_ 行",
  infoEmpty: "共 0 行",
  infoFiltered: "（从 _MAX_ 行中筛选）",
  lengthMenu: "每页 _MENU_ 行",
  search: "搜索",
  processing: "请稍候……",
  paginate: { first: "首页", previous: "上一页", next: "下一页", last: "末页" },
  lengthLabels: { "-1": "全部" },
  aria: {
    orderable: "按此列排序", orderableReverse: "反向排序", orderableRemove: "取消排序",
    paginate: { first: "首页", previous: "上一页", next: "下一页", last: "末页", number: "第" },
  },
};

// What the library says to screen readers and lets nobody word.
function namedPaging() {
  for (const one of document.querySelectorAll("nav[aria-label=pagination]")) one.setAttribute("aria-label", "翻页");
}

const SHADES = { 强制性: "bad", 核实性: "warn", 提示: "quiet", 不符: "bad", 无法核对: "warn", 尾差: "quiet" };
const CELL_SHADES = { 强制性: "flagged", 核实性: "asked", 提示: "noted" };

// ---- data ------------------------------------------------------------------------------------

const unpacked = new Map();

function data(name) {
  if (!unpacked.has(name)) unpacked.set(name, unpack(name));
  return unpacked.get(name);
}

async function unpack(name) {
  const bytes = Uint8Array.from(atob(document.getElementById(`data-${name}`).textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const value = JSON.parse(await new Response(stream).text());
  return value.names ? value.rows.map((row) => Object.fromEntries(value.names.map((key, at) => [key, row[at]]))) : value;
}

// ---- elements --------------------------------------------------------------------------------

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function link(text, target) {
  const made = element("a", text);
  made.href = target;
  return made;
}

// A table of many columns becomes cards on a narrow screen: every cell knows its head, and whether it says anything.
const CARDS = 6;

function headed(cell, head) {
  cell.dataset.head = head;
  if (!cell.textContent) cell.classList.add("none");
}

function tableOf(heads, rows) {
  const cards = heads.length >= CARDS;
  const table = element("table", null, cards ? "plain cards" : "plain");
  const head = table.createTHead().insertRow();
  for (const [text, className] of heads) head.append(element("th", text, className));
  const body = table.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    cells.forEach((cell, at) => {
      const made = row.insertCell();
      made.className = heads[at][1] ?? "";
      if (cell instanceof Node) made.append(cell);
      else made.textContent = cell ?? "";
      if (cards) headed(made, heads[at][0]);
    });
  }
  const box = element("div", null, "scroll");
  box.append(table);
  return box;
}

function keys(pairs) {
  const box = element("div", null, "keys");
  for (const [name, text] of pairs) {
    if (text === null || text === undefined || text === "") continue;
    const line = element("div");
    line.append(element("span", name), text instanceof Node ? text : document.createTextNode(text));
    box.append(line);
  }
  return box;
}

// DataTables takes what it searches for markup, and what it shows unless it is a node.
function escaped(text) {
  return String(text ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function column(title, text, options = {}) {
  const { node, order, ...others } = options;
  const render = (_, kind, row) => {
    if (kind === "display") return node ? node(row) : document.createTextNode(text(row) ?? "");
    if (kind === "filter") return escaped(text(row));
    if (kind === "sort") return order ? order(row) : (text(row) ?? "");
    return order ? 0 : "";
  };
  return { title, data: null, render, type: order ? "num" : "string", createdCell: (cell) => headed(cell, title), ...others };
}

function marked(text) {
  return element("span", text, `mark ${SHADES[text] ?? ""}`);
}

// ---- 问题 ------------------------------------------------------------------------------------

function two(text, below) {
  const box = element("div", text);
  if (below) box.append(element("small", below));
  return box;
}

const place = (row) => [row.sheet, row.cell].filter(Boolean).join("!");
const rank = { 强制性: 0, 核实性: 1, 提示: 2 };

function problemColumns(units) {
  return [
    column("序号", (row) => row.rank, { order: (row) => row.rank, className: "short" }),
    column("严重程度", (row) => row.severity, { node: (row) => marked(row.severity), order: (row) => rank[row.severity], className: "short" }),
    column("结论", (row) => row.verdict, { node: (row) => marked(row.verdict), className: "short" }),
    column("单位", (row) => row.unit, { node: (row) => unitLink(units, row), className: "unit" }),
    column("表", (row) => [row.form, row.instance].filter(Boolean).join(" "), { node: (row) => two(row.form, row.instance), className: "place" }),
    column("位置", place, { node: (row) => two(row.cell, row.sheet), className: "place" }),
    column("填报数", (row) => row.stated, { order: (row) => row.size, className: "figure" }),
    column("应为", (row) => row.expected, { order: (row) => row.size, className: "figure" }),
    column("差额", (row) => row.difference, { order: (row) => row.size, className: "figure" }),
    column("影响得分", (row) => row.impact, { order: (row) => Math.abs(row.impact ?? 0), className: "figure" }),
    column("说明", (row) => row.message, { className: "message" }),
    column("规则", (row) => row.rule, { className: "short" }),
    column("其他", (row) => [row.cause, row.explanation, row.basis, row.file, row.id, row.year, row.layer].join(" "), { visible: false }),
  ];
}

function unitLink(units, row) {
  const name = row.unit ?? "（单位无法确定）";
  if (row.place < 0) return document.createTextNode(name);
  const made = link(units[row.place].name, `#unit-${row.place}`);
  made.title = units[row.place].code ?? "";
  return made;
}

function more(row) {
  const list = element("dl", null, "more");
  const told = [
    ["可能原因", row.cause], ["单位说明", row.explanation], ["依据", row.basis], ["类别", row.layer],
    ["年度", row.year], ["文件", row.file], ["相关单元格", row.related], ["问题编号", row.id],
  ];
  for (const [name, text] of told) if (text) list.append(element("dt", name), element("dd", text));
  return list;
}

function fillChoices(rows) {
  for (const name of ["severity", "verdict", "form", "rule"]) {
    const counts = new Map();
    for (const row of rows) if (row[name]) counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
    const names = [...counts.keys()];
    if (name === "severity") names.sort((one, other) => rank[one] - rank[other]);
    else names.sort((one, other) => (one < other ? -1 : 1));
    const select = document.getElementById(`filter-${name}`);
    for (const one of names) {
      const option = element("option", `${one}（${counts.get(one)}）`);
      option.value = one;
      select.append(option);
    }
  }
}

function fits(row, units) {
  for (const name of ["severity", "verdict", "form", "rule"]) {
    const wanted = document.getElementById(`filter-${name}`).value;
    if (wanted && row[name] !== wanted) return false;
  }
  const unit = document.getElementById("filter-unit").value.trim();
  if (!unit) return true;
  const known = row.place < 0 ? {} : units[row.place];
  return [row.unit, known.name, known.code].some((text) => text && text.includes(unit));
}

let problemTable = null;

async function showProblems() {
  if (problemTable) return;
  const [rows, units] = await Promise.all([data("problems"), data("units")]);
  if (problemTable) return;
  fillChoices(rows);
  const names = document.getElementById("unit-names");
  for (const one of new Set(rows.map((row) => row.unit).filter(Boolean))) {
    const option = element("option");
    option.value = one;
    names.append(option);
  }
  problemTable = $("#problem-table").DataTable({
    data: rows, columns: problemColumns(units), order: [[0, "asc"]], deferRender: true, autoWidth: false,
    pageLength: 25, lengthMenu: [[25, 50, 100, 500, -1], [25, 50, 100, 500, "全部"]], language: CHINESE,
    layout: { topStart: "info", topEnd: "pageLength", bottomStart: null, bottomEnd: "paging" },
  });
  namedPaging();
  problemTable.search.fixed("filters", (_text, row) => fits(row, units));
  const form = document.getElementById("filters");
  form.addEventListener("input", filterProblems);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filterProblems));
  $("#problem-table tbody").on("click", "tr", function (event) {
    const row = problemTable.row(this);
    if (event.target.closest("a") || !row.data()) return;
    if (row.child.isShown()) row.child.hide();
    else row.child(more(row.data())).show();
  });
  filterProblems();
}

function filterProblems() {
  problemTable.search(document.getElementById("search").value).draw();
}

// ---- 单位 ------------------------------------------------------------------------------------

let unitTable = null;

const receipt = (unit) => {
  const lacking = unit.lacking.map(([form, count]) => `缺${form}${count}张`).join("，");
  if (lacking) return lacking;
  return unit.listed ? "报齐" : "名册外";
};

async function showUnits() {
  if (unitTable) return;
  const units = await data("units");
  if (unitTable) return;
  const count = (title, name, shade) => column(title, (unit) => unit[name], {
    order: (unit) => unit[name], className: "figure",
    node: (unit) => element("span", unit[name], unit[name] ? `mark ${shade}` : "mark quiet"),
  });
  unitTable = $("#unit-table").DataTable({
    data: units, order: [[5, "desc"], [7, "desc"]], deferRender: true, autoWidth: false, pageLength: 50, language: CHINESE,
    lengthMenu: [[50, 100, 500, -1], [50, 100, 500, "全部"]],
    layout: { topStart: "search", topEnd: "pageLength", bottomStart: "info", bottomEnd: "paging" },
    columns: [
      column("单位编码", (unit) => unit.code, { className: "short" }),
      column("单位", (unit) => unit.name, { node: (unit) => link(unit.name, `#unit-${unit.place}`), className: "unit" }),
      column("主管部门", (unit) => unit.department),
      column("归口股室", (unit) => unit.office),
      column("收表", receipt, { node: (unit) => element("span", receipt(unit), receipt(unit) === "报齐" ? "" : "mark bad") }),
      count("强制性不符", "must", "bad"),
      count("核实性", "ask", "warn"),
      column("影响得分", (unit) => unit.impact || "", { order: (unit) => unit.impact, className: "figure" }),
      count("提示", "hint", "quiet"),
    ],
  });
  namedPaging();
}

async function showUnit(at) {
  const [units, problems] = await Promise.all([data("units"), data("problems")]);
  const unit = units[at];
  const page = document.getElementById("unit-page");
  if (!unit) return page.replaceChildren(element("p", "没有这个单位。", "notice"));
  const own = problems.filter((row) => row.place === at);
  const parts = [element("h2", unit.name), unitHead(unit), unitProblems(unit, own)];
  const listed = [["问题", parts[2]]];
  if (unit.page) {
    const { tables, more: left } = await data(`unit-${at}`);
    for (const table of tables) {
      parts.push(unitReturn(table, own));
      listed.push([[table.form, table.instance].filter(Boolean).join("："), parts.at(-1)]);
    }
    if (!tables.length) parts.push(element("p", "没有收到这个单位的表。", "notice"));
    if (left) parts.push(element("p", `还有 ${left} 张表没有列出，见 汇总.xlsx 的“收表明细”。`, "notice"));
  } else {
    parts.push(element("p", "本页没有收入这个单位的数据和得分：见 汇总.xlsx 的“单位得分”“指标得分”等工作表，或 data/values.parquet、data/scores.parquet。", "notice"));
  }
  parts.splice(1, 0, contents(listed));
  page.replaceChildren(...parts);
}

// What the page of a unit holds. The address says which unit is shown, so these are no links.
function contents(listed) {
  const list = element("ul", null, "contents");
  for (const [name, part] of listed) {
    const button = element("button", name);
    button.type = "button";
    button.addEventListener("click", () => part.scrollIntoView());
    const line = element("li");
    line.append(button);
    list.append(line);
  }
  return list;
}

function unitHead(unit) {
  const card = element("div", null, "card");
  card.append(
    keys([["单位编码", unit.code], ["主管部门", unit.department], ["归口股室", unit.office], ["截止日期", unit.deadline], ["名册", unit.listed ? "在册" : "名册外"], ["收表", receipt(unit)]]),
    keys(unit.received.map(([form, words]) => [form, words])),
  );
  return card;
}

function unitProblems(unit, own) {
  const card = element("div", null, "card");
  card.append(element("h3", `问题（强制性 ${unit.all_must}，核实性 ${unit.ask}，提示 ${unit.hint}）`));
  const total = unit.all_must + unit.ask + unit.hint;
  if (!total) card.append(element("p", "没有发现问题。"));
  if (own.length) {
    const heads = [["严重程度", "short"], ["结论", "short"], ["表"], ["位置"], ["填报数", "number"], ["应为", "number"], ["差额", "number"], ["说明", "wide"], ["可能原因"], ["单位说明"], ["规则", "short"]];
    const rows = own.map((row) => [
      marked(row.severity), marked(row.verdict), two(row.form, row.instance), two(row.cell, row.sheet),
      row.stated, row.expected, row.difference, row.message, row.cause, row.explanation, row.rule,
    ]);
    const used = heads.map((_, at) => rows.some((row) => row[at]));
    const kept = (cells) => cells.filter((_, at) => used[at]);
    card.append(tableOf(kept(heads), rows.map(kept)));
  }
  if (own.length < total) card.append(element("p", `另有 ${total - own.length} 条没有列在本页，见 汇总.xlsx 的“问题清单”。`, "notice"));
  return card;
}

function unitReturn(table, own) {
  const card = element("div", null, "card");
  card.append(element("h3", [table.form, table.instance].filter(Boolean).join("：")));
  card.append(keys([
    ["年度", table.year], ["版本", table.edition], ["状态", table.status], ["采用", table.adopted], ["识别方式", table.layout],
    ["工作表", table.sheet], ["文件", table.file], ["原因", table.reason],
  ]));
  if (table.total) card.append(...scoreParts(table));
  if (table.figures.length) card.append(figureParts(table, own));
  return card;
}

function scoreParts(table) {
  const { total, scores } = table;
  const alert = total.alert && total.alert !== "无" ? element("span", total.alert, "mark bad") : total.alert;
  const head = keys([
    ["自评各项合计", total.self], ["表上总分", total.stated], [total.score ? "复算总分" : "复算总分范围", total.score ?? total.range],
    ["自评－复算", total.gap],
    ["自评等次", total.self_grade], ["复算等次", total.grade ?? "不能确定"], ["预警", alert],
  ]);
  const heads = [["指标"], ["分值", "number"], ["自评得分", "number"], ["复算得分或范围", "number"], ["自评－复算", "number"], ["计分方法"], ["复算过程，或不能复算的原因", "wide"], ["采用的读法"]];
  const rows = scores.map(([label, points, own, score, gap, kind, trace, reading, known]) => [
    label, points, own, known ? score : element("span", score, "mark quiet"),
    gap && gap !== "0" && gap !== "范围内" ? element("span", gap, "mark bad") : gap, kind, trace, reading,
  ]);
  const part = tableOf(heads, rows);
  part.classList.add("scores");
  return [element("h4", "得分"), head, part];
}

function figureParts(table, own) {
  const shades = new Map();
  for (const row of own) {
    if (row.file !== table.file || row.sheet !== table.sheet || !row.cell) continue;
    const known = shades.get(row.cell);
    if (!known || rank[row.severity] < rank[known]) shades.set(row.cell, row.severity);
  }
  const box = element("details", null, "figures");
  box.open = true;
  box.append(element("summary", "填报的数据（鼠标停在数上看单元格；有问题的格子有颜色）"));
  for (const one of table.figures) box.append(element("h4", one.title), figureTable(one, shades));
  return box;
}

function figureTable({ label: head, columns, rows, more: left }, shades) {
  const heads = [[head, "short"], ...columns.map((name) => [name])];
  const box = tableOf(heads, rows.map(([label]) => [label, ...columns.map(() => "")]));
  const made = box.querySelectorAll("tbody tr");
  const several = columns.length > 1;
  rows.forEach(([, ...cells], at) => cells.forEach(([text, address], index) => {
    const cell = made[at].cells[index + 1];
    cell.textContent = text ?? "";
    if (address) cell.title = address;
    const severity = shades.get(address);
    cell.className = [several && /^-?[\d.,]+%?$/.test(text ?? "") ? "number" : "", CELL_SHADES[severity] ?? ""].join(" ").trim();
  }));
  if (left) box.append(element("p", `还有 ${left} 行没有列出，见 data/values.parquet。`, "hint"));
  return box;
}

// ---- where we are ----------------------------------------------------------------------------

const SHOWN = { problems: showProblems, units: showUnits };

async function go() {
  const hash = location.hash.slice(1) || "overview";
  const at = /^unit-(\d+)$/.exec(hash);
  const here = at ? "unit" : document.getElementById(hash)?.tagName === "SECTION" ? hash : "overview";
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== here;
  document.body.className = here;
  for (const tab of document.querySelectorAll(".top nav a")) {
    tab.classList.toggle("here", tab.hash === `#${here}` || (here === "unit" && tab.hash === "#units"));
  }
  scrollTo(0, 0);
  if (at) await showUnit(Number(at[1]));
  else if (SHOWN[here]) await SHOWN[here]();
}

for (const chosen of document.querySelectorAll("a[data-rule]")) {
  chosen.addEventListener("click", async () => {
    await showProblems();
    document.getElementById("filters").reset();
    document.getElementById("filter-rule").value = chosen.dataset.rule;
    setTimeout(filterProblems);
  });
}

addEventListener("hashchange", go);
if (typeof DecompressionStream === "undefined") {
  const trouble = document.getElementById("trouble");
  trouble.textContent = "浏览器版本过低，打不开“问题”和“单位”：请用新版 Edge、Chrome 或 360 浏览器，或看同一文件夹里的 汇总.xlsx。";
  trouble.hidden = false;
}
await go();
