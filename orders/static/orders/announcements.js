// The form of an announcement: the product is asked for only where a product is told of. What else depends on the choice
// the page fetches by htmx; without JavaScript it comes with the answer to saving.
document.addEventListener("DOMContentLoaded", () => {
  const kind = document.querySelector("#id_kind");
  const product = document.querySelector(".field-product");
  if (!kind || !product) return;
  const show = () => { product.style.display = kind.value ? "none" : ""; };
  kind.addEventListener("change", show);
  show();
});
