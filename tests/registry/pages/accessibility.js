// What a reader who does not see the page goes by: one first heading and no level left out, every table and
// column named, every field with its label, every link with its text, every part with a name that exists.
() => {
  const faults = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = (element) => (element?.getAttribute("aria-label") || element?.textContent || "").trim();

  if (!document.documentElement.lang) faults.push("no language");
  const levels = all("h1, h2, h3, h4, h5, h6").map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("not exactly one h1");
  levels.forEach((level, i) => {
    if (i > 0 && level > levels[i - 1] + 1) faults.push(`h${level} after h${levels[i - 1]}`);
  });
  for (const part of ["header", "nav", "main", "footer"])
    if (all(part).length !== 1) faults.push(`not exactly one ${part}`);

  for (const table of all("table")) {
    if (!name(table.caption)) faults.push("a table without a caption");
    for (const heading of all("th", table))
      if (!heading.scope || !name(heading)) faults.push(`a heading without scope or text: ${heading.outerHTML}`);
    for (const group of table.tBodies) {
      const slots = all("th, td", group).reduce((sum, cell) => sum + cell.rowSpan * cell.colSpan, 0);
      if (slots !== table.tHead.rows[0].cells.length * group.rows.length)
        faults.push(`rows that do not fill their columns: ${group.textContent}`);
    }
  }
  for (const field of all("input, select, textarea"))
    if (!field.labels.length) faults.push(`a field without a label: ${field.name}`);
  for (const link of all("a, button")) if (!name(link)) faults.push(`a link without text: ${link.outerHTML}`);
  for (const part of all("[aria-labelledby]"))
    if (!name(document.getElementById(part.getAttribute("aria-labelledby"))))
      faults.push(`named by nothing: ${part.outerHTML.slice(0, 80)}`);
  const ids = all("[id]").map((element) => element.id);
  if (new Set(ids).size !== ids.length) faults.push("an id twice");
  return faults;
}
