// Saves every picture of the stage: an SVG with its styles written into it, or a canvas as PNG. Nothing leaves the browser.
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.onclick = () => {
    const found = pictures(document.querySelector(".st-key-stage") ?? document);
    found.forEach((picture, i) => save(picture, `${data.name}${found.length > 1 ? `-${i + 1}` : ""}`));
    parentElement.querySelector("span").textContent = found.length ? `${found.length} saved` : "No picture on the stage";
  };
}

function pictures(root) {
  // also inside our own components, which live in shadow roots; buttons' icons are no pictures
  const own = [...root.querySelectorAll("svg, canvas")].filter((e) => !e.closest("button") && e.clientWidth > 120);
  const inner = [...root.querySelectorAll("*")].filter((e) => e.shadowRoot).flatMap((e) => pictures(e.shadowRoot));
  return [...own, ...inner];
}

function save(picture, name) {
  if (picture.tagName === "CANVAS") return picture.toBlob((blob) => download(blob, `${name}.png`));
  const copy = picture.cloneNode(true);
  const [from, to] = [picture, copy].map((svg) => [svg, ...svg.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const property of STYLES) to[i].style.setProperty(property, style.getPropertyValue(property));
  });
  const { width, height } = picture.getBoundingClientRect();
  for (const [attribute, value] of Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height })) copy.setAttribute(attribute, value);
  copy.style.background = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
  download(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }), `${name}.svg`);
}

function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
