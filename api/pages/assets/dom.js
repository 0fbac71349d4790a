// The few things every page does with its document.

export const byId = (id) => document.getElementById(id);

/** Makes an element. Strings among the children become text and never markup, so foreign words are safe here. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Replaces a definition list's rows. Values that are null or empty leave their row out. */
export function fillRows(list, rows) {
  const shown = rows.filter(([, value]) => value != null && value !== "");
  list.replaceChildren(...shown.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** Copies text on a click and says so on the button for a moment. text is a function: it is asked at the click. */
export function copyOnClick(button, text) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text())) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => (button.textContent = label), 1600);
  });
}

/** Browsers give the clipboard to https and localhost only; elsewhere the old command still does it. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "offscreen", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
