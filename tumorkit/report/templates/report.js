"use strict";
(function () {
  function key(row, column, numeric) {
    var cell = row.cells[column];
    if (!cell) { return numeric ? NaN : ""; }
    if (!numeric) { return cell.textContent.trim(); }
    var raw = cell.getAttribute("data-v");
    return raw === null ? NaN : parseFloat(raw);
  }
  function compare(a, b, numeric) {
    if (numeric) { return a - b; }
    return a.localeCompare(b, document.documentElement.lang, { numeric: true });
  }
  function sort(table, head, column) {
    var numeric = head.getAttribute("data-sort") === "number";
    var up = head.getAttribute("aria-sort") !== (numeric ? "descending" : "ascending");
    var direction = numeric ? (up ? -1 : 1) : (up ? 1 : -1);
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, index) {
      return { row: row, key: key(row, column, numeric), index: index };
    });
    rows.sort(function (a, b) {
      // What is unknown stays last, whichever way the column is sorted.
      var gapA = numeric ? isNaN(a.key) : a.key === "–", gapB = numeric ? isNaN(b.key) : b.key === "–";
      if (gapA || gapB) { return gapA - gapB || a.index - b.index; }
      return direction * compare(a.key, b.key, numeric) || a.index - b.index;
    });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) {
      cell.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    rows.forEach(function (item) { body.appendChild(item.row); });
  }
  function sortable(table) {
    if (table.tBodies[0].rows.length < 2) { return; }
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      if (!head.hasAttribute("data-sort")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () { sort(table, head, column); });
    });
  }
  function filterable(table, number) {
    var total = table.tBodies[0].rows.length;
    if (total < 8) { return; }
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
      var terms = input.value.toLowerCase().split(/\s+/), shown = 0;
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !terms.every(function (term) { return text.indexOf(term) >= 0; });
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = shown === total ? "" : document.body.getAttribute("data-rows").replace("{shown}", shown).replace("{total}", total);
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("table"), function (table, number) {
    if (!table.tHead || !table.tBodies.length) { return; }
    sortable(table);
    if (table.hasAttribute("data-filter")) { filterable(table, number); }
  });
}());
