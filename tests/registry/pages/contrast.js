// Texts that stand out from their ground by less than 4.5 to 1 (WCAG 2.2, 1.4.3), from the computed colours.
() => {
  const parse = (text) => {
    const [r, g, b, a] = text.match(/[0-9.]+/g).map(Number);
    return { r, g, b, opaque: (a ?? 1) === 1 };
  };
  const linear = (value) => (value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ({ r, g, b }) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.opaque) return colour;
    }
    return parse("rgb(255, 255, 255)");
  };
  const low = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!speaks) continue;
    const two = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
    if (ratio < 4.5) low.add(`${element.tagName} ${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...low];
}
