// On a narrow screen each row of a table becomes a block with the column's name before every value. Without this the table scrolls sideways.
"use strict";
(() => {
  const LEAST = 3; // columns; two fit
  const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell", CAPTION: "caption" };

  function stack(table) {
    const heads = [...table.tHead.rows[0].cells];
    const plain = heads.length >= LEAST && table.tHead.rows.length === 1 && !heads.some((cell) => cell.colSpan > 1);
    if (!plain || table.matches(".map, .stack, .reckoning")) return;
    const names = heads.map((cell) => cell.textContent.trim());
    // A table drawn as blocks is no table to some screen readers unless its roles are said.
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, td")]) part.setAttribute("role", ROLES[part.tagName]);
    for (const head of heads) head.setAttribute("role", "columnheader");
    for (const body of table.tBodies) {
      for (const row of body.rows) {
        for (const cell of row.cells) {
          if (cell.tagName === "TH") cell.setAttribute("role", "rowheader");
          else if (names[cell.cellIndex]) cell.dataset.label = names[cell.cellIndex];
        }
      }
    }
    table.classList.add("stacked");
  }

  const narrow = matchMedia("(max-width: 40rem)");
  const all = () => {
    if (narrow.matches) document.querySelectorAll("main table:not(.stacked)").forEach((table) => table.tHead && stack(table));
  };
  narrow.addEventListener("change", all);
  all();
})();
