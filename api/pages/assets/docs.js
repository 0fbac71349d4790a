// The API reference: reads this server's own /openapi.json and sets it as one page.

import { anybody } from "./client.js";
import { byId, copyOnClick, el } from "./dom.js";
import { Contract, slug } from "./openapi.js";
import { operationView } from "./operationview.js";
import { prose } from "./prose.js";
import { schemaBody, schemaId } from "./schemaview.js";

const tagId = (name) => `tag-${slug(name)}`;

function intro(contract) {
  const { info = {}, components = {} } = contract.json;
  const schemes = Object.entries(components.securitySchemes ?? {});
  return el("section", { id: "intro" },
    el("h1", {}, info.title ?? "API"),
    el("p", { class: "hint" }, [info.version && `Version ${info.version}. `, "The same as data: ", link("/openapi.json"), ", ", link("/openapi.yaml"), ", and as OpenAPI 3.0: ", link("/openapi-3.0.yaml")]),
    prose(info.description),
    schemes.length > 0 && el("h2", { id: "authentication" }, "Authentication"),
    schemes.map(([name, scheme]) => el("div", { class: "scheme" },
      el("p", {}, el("strong", {}, name), `: ${[scheme.type, scheme.scheme, scheme.bearerFormat].filter(Boolean).join(", ")}`),
      prose(scheme.description))));
}

const link = (path) => el("a", { href: path }, path);

function group(contract, { name, description, operations }) {
  return el("section", { "aria-labelledby": tagId(name) },
    el("h2", { id: tagId(name) }, name),
    prose(description),
    operations.map((operation) => operationView(contract, operation)));
}

function schemas(contract) {
  if (contract.schemas().length === 0) return null;
  return el("section", { "aria-labelledby": "schemas" },
    el("h2", { id: "schemas" }, "Schemas"),
    contract.schemas().map(([name, schema]) => el("article", { class: "schema", id: schemaId(name) },
      el("h3", {}, el("a", { class: "anchor", href: `#${schemaId(name)}` }, name)),
      prose(schema.description),
      schemaBody(contract, schema, name))));
}

/** The table of contents; on a narrow page it is folded away, so that the reference itself comes first. */
function contents(contract) {
  const entry = (id, ...label) => el("li", {}, el("a", { href: `#${id}` }, ...label));
  const groups = contract.groups().map(({ name, operations }) => el("li", {},
    el("a", { class: "tag", href: `#${tagId(name)}` }, name),
    el("ul", {}, operations.map((operation) => entry(operation.id, operation.summary ?? `${operation.method.toUpperCase()} ${operation.path}`)))));
  const named = contract.schemas().map(([name]) => entry(schemaId(name), name));
  const all = el("li", {}, el("a", { class: "tag", href: "#schemas" }, "Schemas"), el("ul", {}, named));
  const fold = el("details", { open: matchMedia("(min-width: 60rem)").matches },
    el("summary", {}, "Contents"), el("ul", {}, groups, named.length > 0 && all));
  fold.addEventListener("click", (event) => {
    if (event.target.matches("a") && !matchMedia("(min-width: 60rem)").matches) fold.open = false;
  });
  return fold;
}

try {
  const contract = new Contract(await anybody.contract());
  byId("contents").append(contents(contract));
  byId("reference").append(...[intro(contract), ...contract.groups().map((tag) => group(contract, tag)), schemas(contract)].filter(Boolean));
  for (const button of document.querySelectorAll(".example button")) copyOnClick(button, () => button.parentElement.querySelector("code").textContent);
  byId("state").hidden = true;
  byId("main").dataset.state = "idle";
  // The browser looked for the fragment before there was anything to find.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
} catch (error) {
  console.error(error);
  byId("main").dataset.state = "error";
  byId("state").textContent = `The reference cannot be read: ${error.message} Reload this page when the server is up.`;
}
