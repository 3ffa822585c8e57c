/* Fields that look a row up: what fits the first letters is offered while one types. Without this they still work. */
(() => {
  const place = document.currentScript.dataset.find;
  document.querySelectorAll("input[data-find]").forEach((input, n) => {
    const list = document.createElement("datalist");
    list.id = `find-${n}`;
    input.after(list);
    input.setAttribute("list", list.id);
    let wait = 0;
    input.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(async () => {
        const query = new URLSearchParams({ of: input.dataset.find, q: input.value });
        const answer = await fetch(`${place}?${query}`, { headers: { "X-Requested-With": "fetch" } });
        if (answer.ok) list.innerHTML = await answer.text();
      }, 200);
    });
  });
})();
