// The brand page wears what is being chosen: color, hue and radius at once, before they are saved.
(() => {
  "use strict";
  const KINDS = {
    color: (value) => (/^#[0-9a-f]{6}$/i.test(value) ? ["--brand", value] : null),
    tint: (value) => (/^\d+$/.test(value) && value <= 360 ? ["--tint", value] : null),
    radius: (value) => (/^\d+$/.test(value) && value <= 12 ? ["--radius", `${value}px`] : null),
  };
  document.addEventListener("input", (event) => {
    const kind = KINDS[event.target.dataset.brand], chosen = kind && kind(event.target.value);
    if (chosen) document.documentElement.style.setProperty(...chosen);
  });
})();
