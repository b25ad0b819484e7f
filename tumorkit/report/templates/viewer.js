(function () {
  var box = document.getElementById("viewer"), store = document.getElementById("tracks");
  if (!box || !store) { return; }
  var data = JSON.parse(store.textContent), canvas = document.createElement("canvas");
  var pen = canvas.getContext("2d"), said = document.getElementById("viewer-said");
  var select = document.getElementById("viewer-contig"), search = document.getElementById("viewer-gene");
  var hasBaf = data.contigs.some(function (c) { return c.baf.length; });
  var H1 = 240, H2 = hasBaf ? 110 : 0, TOP = 14, LEFT = 46, GAP = 18, BOTTOM = 22;
  var offset = 0, genome = [], byName = {};
  data.contigs.forEach(function (c) {
    var sum = 0, i;
    for (i = 0; i < c.at.length; i += 1) { sum += c.at[i]; c.at[i] = sum; }
    for (i = 0, sum = 0; i < c.snp_at.length; i += 1) { sum += c.snp_at[i]; c.snp_at[i] = sum; }
    c.offset = offset;
    offset += c.length;
    genome.push(c);
    byName[c.name] = c;
    select.appendChild(new Option(c.name, c.name));
  });
  var view = [0, offset], marked = null, high = 0.5, low = -0.5;
  function range(start, end) {
    var top = 1, bottom = -1;
    genome.forEach(function (c) {
      c.log2.forEach(function (value, i) {
        var at = c.offset + c.at[i];
        if (at >= start && at <= end && value > -500) {
          if (value / 100 > top) { top = value / 100; }
          if (value / 100 < bottom) { bottom = value / 100; }
        }
      });
    });
    high = Math.min(top + 0.2, 6);
    low = Math.max(bottom - 0.2, -4);
  }
  function x(at) { return LEFT + (at - view[0]) / (view[1] - view[0]) * (canvas.clientWidth - LEFT - 6); }
  function y(value) { return TOP + (high - value) / (high - low) * H1; }
  function z(value) { return TOP + H1 + GAP + (1 - value) * H2; }
  function colour(state) {
    if (/loss|deletion/.test(state)) { return "#1b5a9c"; }
    return /gain|amplification/.test(state) ? "#a3231f" : "#17202a";
  }
  function line(x1, y1, x2, y2, paint, width) {
    pen.strokeStyle = paint;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
  }
  function axis(label, values, place, middle) {
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    values.forEach(function (value) {
      line(LEFT, place(value), canvas.clientWidth - 6, place(value), value === middle ? "#97a4b1" : "#e6eaee", 1);
      pen.fillText(String(value).replace("-", "−").replace(".", box.getAttribute("data-decimal")), LEFT - 6, place(value));
    });
    pen.save();
    pen.translate(11, place(middle));
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(label, 0, 0);
    pen.restore();
  }
  function draw() {
    var width = canvas.clientWidth, height = TOP + H1 + (H2 ? GAP + H2 : 0) + BOTTOM;
    var ratio = window.devicePixelRatio || 1, shown = 0, ticks = [], step, value;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.font = "12px sans-serif";
    pen.fillStyle = "#526070";
    step = high - low > 5 ? 2 : high - low > 2.4 ? 1 : 0.5;
    for (value = Math.ceil(low / step) * step; value <= high; value += step) { ticks.push(value); }
    axis("log2", ticks, y, 0);
    if (H2) { axis(box.getAttribute("data-baf"), [0, 0.5, 1], z, 0.5); }
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT - 6, height);
    pen.clip();
    pen.textAlign = "center";
    genome.forEach(function (c) {
      var from = x(c.offset), to = x(c.offset + c.length), size = view[1] - view[0] > 6e7 ? 1.6 : 3, i, at;
      if (to < LEFT || from > width) { return; }
      line(from, TOP, from, height - BOTTOM, "#c3ccd5", 1);
      if (to - from > 22) {
        pen.fillStyle = "#526070";
        pen.fillText(to - from > 60 ? c.name : c.name.replace(/^chr/, ""), (Math.max(from, LEFT) + Math.min(to, width)) / 2, height - 8);
      }
      pen.fillStyle = "#8794a0";
      for (i = 0; i < c.at.length; i += 1) {
        at = c.offset + c.at[i];
        if (at >= view[0] && at <= view[1]) {
          shown += 1;
          pen.fillRect(x(at) - size / 2, y(Math.max(c.log2[i] / 100, low)) - size / 2, size, size);
        }
      }
      for (i = 0; H2 && i < c.snp_at.length; i += 1) {
        at = c.offset + c.snp_at[i];
        if (at >= view[0] && at <= view[1]) { pen.fillRect(x(at) - size / 2, z(c.baf[i] / 100) - size / 2, size, size); }
      }
    });
    data.segments.forEach(function (s) {
      var c = byName[s[0]], from = x(c.offset + s[1]), to = Math.max(x(c.offset + s[2]), from + 2);
      if (s[3] !== null) { line(from, y(s[3]), to, y(s[3]), colour(s[5]), 3); }
      if (H2 && s[4] !== null) {
        line(from, z(s[4]), to, z(s[4]), colour(s[5]), 2);
        line(from, z(1 - s[4]), to, z(1 - s[4]), colour(s[5]), 2);
      }
    });
    if (marked) {
      var m = byName[marked[1]], left = x(m.offset + marked[2]), right = Math.max(x(m.offset + marked[3]), left + 2);
      pen.fillStyle = "rgba(133, 82, 0, .16)";
      pen.fillRect(left, TOP, right - left, height - TOP - BOTTOM);
      pen.fillStyle = "#855200";
      pen.font = "italic 600 13px sans-serif";
      pen.fillText(marked[0], (left + right) / 2, 8);
    }
    pen.restore();
    tell(shown);
  }
  function number(value) { return Math.round(value).toLocaleString(document.documentElement.lang); }
  function place(at) {
    var found = genome[0];
    genome.forEach(function (c) { if (at >= c.offset) { found = c; } });
    return [found.name, at - found.offset];
  }
  function tell(shown) {
    var a = place(view[0]), b = place(view[1] - 1), text;
    text = a[0] === b[0] ? a[0] + ":" + number(a[1] + 1) + "–" + number(b[1] + 1) : a[0] + " – " + b[0];
    text += "; " + box.getAttribute("data-points").replace("{count}", number(shown));
    if (marked) {
      text += "; " + marked[0] + ": " + marked[5] + (marked[4] === null ? "" : ", log2 " + marked[4].toFixed(2).replace("-", "−").replace(".", box.getAttribute("data-decimal")));
    }
    said.textContent = text;
  }
  function show(start, end) {
    var least = 2e4, middle = (start + end) / 2;
    if (end - start < least) { start = middle - least / 2; end = middle + least / 2; }
    if (end - start >= offset) { start = 0; end = offset; }
    if (start < 0) { end -= start; start = 0; }
    if (end > offset) { start = Math.max(0, start - (end - offset)); end = offset; }
    view = [start, end];
    range(start, end);
    draw();
  }
  function zoom(factor, at) {
    var middle = at === undefined ? (view[0] + view[1]) / 2 : at;
    show(middle - (middle - view[0]) * factor, middle + (view[1] - middle) * factor);
  }
  function pan(share) { var by = share * (view[1] - view[0]); show(view[0] + by, view[1] + by); }
  var acts = {
    "in": function () { zoom(0.5); }, out: function () { zoom(2); },
    left: function () { pan(-0.4); }, right: function () { pan(0.4); },
    all: function () { marked = null; select.value = ""; search.value = ""; show(0, offset); }
  };
  Array.prototype.forEach.call(box.querySelectorAll("button"), function (button) {
    button.addEventListener("click", acts[button.getAttribute("data-act")]);
  });
  select.addEventListener("change", function () {
    var c = byName[select.value];
    if (c) { show(c.offset, c.offset + c.length); } else { acts.all(); }
  });
  search.addEventListener("change", function () {
    var wanted = search.value.trim().toUpperCase(), found, c, room;
    if (!wanted) { acts.all(); return; }
    found = data.genes.filter(function (g) { return g[0].toUpperCase() === wanted; })[0] ||
      data.genes.filter(function (g) { return g[0].toUpperCase().indexOf(wanted) === 0; })[0];
    if (!found) { said.textContent = box.getAttribute("data-nothing").replace("{gene}", search.value); return; }
    marked = found;
    select.value = found[1];
    c = byName[found[1]];
    room = Math.max(1.5e6, 4 * (found[3] - found[2]));
    show(Math.max(c.offset, c.offset + found[2] - room), Math.min(c.offset + c.length, c.offset + found[3] + room));
  });
  var from = null;
  canvas.addEventListener("pointerdown", function (event) { from = event.clientX; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", function (event) {
    if (from === null) { return; }
    pan((from - event.clientX) / (canvas.clientWidth - LEFT));
    from = event.clientX;
  });
  canvas.addEventListener("pointerup", function () { from = null; });
  canvas.addEventListener("dblclick", function (event) {
    var rect = canvas.getBoundingClientRect();
    zoom(0.4, view[0] + (event.clientX - rect.left - LEFT) / (rect.width - LEFT - 6) * (view[1] - view[0]));
  });
  if (!hasBaf) { box.classList.add("log2-only"); }
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", box.getAttribute("data-title"));
  document.getElementById("viewer-canvas").appendChild(canvas);
  box.hidden = false;
  window.addEventListener("resize", draw);
  show(0, offset);
}());
