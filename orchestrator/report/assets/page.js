"use strict";
const form = document.getElementById("filters");
if (form) {
  const selects = [...form.querySelectorAll("select")];
  const cards = [...document.querySelectorAll("[data-coordinates]")].map((card) => [card, JSON.parse(card.dataset.coordinates)]);
  const count = document.getElementById("count");
  const apply = () => {
    let shown = 0;
    for (const [card, coordinates] of cards) {
      card.hidden = selects.some((select) => select.value && coordinates[select.dataset.dimension] !== select.value);
      shown += card.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${cards.length} shown`;
  };
  form.addEventListener("change", apply);
  form.hidden = false;
  apply();
}
