// Narrows the list of studies by text, measure and country. Without it the list and its choices work all the same.
(() => {
  const find = document.getElementById("find");
  const rows = [...document.querySelectorAll("#studies tbody tr")];
  if (!find || rows.length === 0) return;
  const text = document.getElementById("find-text");
  const measure = document.getElementById("find-measure");
  const country = document.getElementById("find-country");
  const count = document.getElementById("find-count");
  const words = new Map(rows.map((row) => [row, row.cells[0].textContent.toLocaleLowerCase()]));
  const update = () => {
    const asked = text.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const terms = measure.value.split(" ").filter(Boolean);
    for (const row of rows) {
      const own = row.dataset.i.split(" ");
      row.hidden = !(
        asked.every((word) => words.get(row).includes(word)) &&
        (terms.length === 0 || terms.some((term) => own.includes(term))) &&
        (country.value === "" || row.dataset.c.split(" ").includes(country.value))
      );
    }
    count.textContent = `${rows.filter((row) => row.getClientRects().length > 0).length} ${count.dataset.words}`;
  };
  find.hidden = false;
  for (const field of [text, measure, country]) field.addEventListener("input", update);
  document.querySelectorAll("fieldset.choose input").forEach((choice) => choice.addEventListener("change", update));
  update();
})();
