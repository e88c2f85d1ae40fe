// Fewer rows of a table of studies: by words, and only those that count in the verdict. Without this script all rows are shown.
"use strict";
for (const form of document.querySelectorAll(".find[data-for]")) {
  const table = document.getElementById(form.dataset.for);
  const words = form.querySelector("input[type=search]");
  const counts = form.querySelector("input[type=checkbox]");
  const status = form.querySelector("[role=status]");
  const rows = [...table.tBodies[0].rows];
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = (counts.checked && !row.querySelector(".counts")) || !wanted.every((w) => text.includes(w));
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = `${shown} / ${rows.length} ${status.dataset.words}`;
  };
  words.addEventListener("input", show);
  counts.addEventListener("change", show);
  form.hidden = false;
  show();
}
