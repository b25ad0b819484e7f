"use strict";
(function () {
  var language = document.documentElement.lang, texts = document.body.dataset, OPEN = 200;
  var order = new Intl.Collator(language, { numeric: true });
  function say(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? Number(values[name]).toLocaleString(language) : whole; });
  }
  function key(row, column, numeric) {
    var cell = row.cells[column];
    if (!cell) { return numeric ? NaN : ""; }
    if (!numeric) { return cell.textContent.trim(); }
    var raw = cell.getAttribute("data-v");
    return raw === null ? NaN : parseFloat(raw);
  }
  // All rows of a table, those of its closed second part included, in the order they are shown in.
  function gather(table) {
    var second = document.getElementById(table.id + "-more"), bodies = [table.tBodies[0]];
    if (table.id && second) { bodies.push(second.tBodies[0]); }
    return {
      bodies: bodies, part: bodies[1] && second.closest("details"), terms: [],
      rows: bodies.reduce(function (all, body) { return all.concat(Array.from(body.rows)); }, [])
    };
  }
  function matches(list, row) {
    if (row.words === undefined) { row.words = row.textContent.toLowerCase(); }
    return list.terms.every(function (term) { return row.words.indexOf(term) >= 0; });
  }
  // Rows that match come first, as many as are open at once; the others stay in the closed part.
  function lay(list) {
    var found = [], other = [], most = list.part ? OPEN : Infinity;
    list.rows.forEach(function (row) {
      row.hidden = !matches(list, row);
      (row.hidden ? other : found).push(row);
    });
    var pieces = [document.createDocumentFragment(), document.createDocumentFragment()];
    found.forEach(function (row, index) { pieces[index < most ? 0 : 1].appendChild(row); });
    other.forEach(function (row) { pieces[list.part ? 1 : 0].appendChild(row); });
    list.bodies.forEach(function (body, index) { body.appendChild(pieces[index]); });
    if (list.part) {
      list.part.hidden = found.length <= most;
      list.part.querySelector("summary").textContent = say(texts.more, { count: found.length - most });
    }
    return found.length;
  }
  function sort(table, list, head, column) {
    var numeric = head.getAttribute("data-sort") === "number";
    var up = head.getAttribute("aria-sort") !== (numeric ? "descending" : "ascending");
    var direction = numeric ? (up ? -1 : 1) : (up ? 1 : -1);
    var items = list.rows.map(function (row, index) {
      var found = key(row, column, numeric);
      // What is unknown stays last, whichever way the column is sorted.
      return { row: row, key: found, index: index, gap: numeric ? isNaN(found) : found === "–" };
    });
    items.sort(function (a, b) {
      if (a.gap || b.gap) { return a.gap - b.gap || a.index - b.index; }
      return direction * (numeric ? a.key - b.key : order.compare(a.key, b.key)) || a.index - b.index;
    });
    Array.from(table.tHead.rows[0].cells).forEach(function (cell) { cell.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    list.rows = items.map(function (item) { return item.row; });
    lay(list);
  }
  function sortable(table, listed) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      if (!head.hasAttribute("data-sort")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () { sort(table, listed(), head, column); });
    });
  }
  function filterable(table, number, listed) {
    var box = document.createElement("div"), label = document.createElement("label");
    var input = document.createElement("input"), count = document.createElement("span");
    box.className = "find";
    input.type = "search";
    input.id = "find-" + number;
    label.htmlFor = input.id;
    label.textContent = table.getAttribute("data-filter");
    count.className = "quiet";
    count.setAttribute("role", "status");
    [label, input, count].forEach(function (part) { box.appendChild(part); });
    table.parentNode.parentNode.insertBefore(box, table.parentNode);
    input.addEventListener("input", function () {
      var list = listed(), shown;
      list.terms = input.value.toLowerCase().split(/\s+/);
      shown = lay(list);
      count.textContent = shown === list.rows.length ? "" : say(texts.rows, { shown: shown, total: list.rows.length });
    });
  }
  document.querySelectorAll("table").forEach(function (table, number) {
    if (!table.tHead || !table.tBodies.length || table.closest(".more")) { return; }
    var list = null, count = table.tBodies[0].rows.length;
    // Rows are gathered when they are first asked for: not while the page loads.
    function listed() { list = list || gather(table); return list; }
    if (count > 1) { sortable(table, listed); }
    if (count > 7 && table.hasAttribute("data-filter")) { filterable(table, number, listed); }
  });
}());
