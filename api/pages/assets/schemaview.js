// Schemas on the page: a type's name, with a link where it has one, and a table of an object's fields.

import { el } from "./dom.js";
import { bounds, refName, slug } from "./openapi.js";
import { inline } from "./prose.js";

/** Where the schema of that name stands on the page. */
export const schemaId = (name) => `schema-${slug(name)}`;

/** A type in a few words, as nodes: a link for a named one, "array of ..." and "... or null" spelt out. */
export function typeOf(schema) {
  if (!schema || Object.keys(schema).length === 0) return ["anything"];
  const name = refName(schema);
  if (name) return [el("a", { href: `#${schemaId(name)}` }, name)];
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) return choice.flatMap((part, index) => (index ? [" or ", ...typeOf(part)] : typeOf(part)));
  const types = [schema.type ?? "object"].flat();
  return types.flatMap((type, index) => [index ? " or " : "", ...single(type, schema)]);
}

function single(type, schema) {
  if (type === "array") return ["array of ", ...typeOf(schema.items)];
  if (type === "object" && typeof schema.additionalProperties === "object") return ["map to ", ...typeOf(schema.additionalProperties)];
  return [type];
}

/** A table of fields or parameters: rows of {name, schema, description, required, place}. says stands in the type's place. */
export function fields(rows, caption) {
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
    el("table", {},
      el("caption", {}, caption),
      el("tbody", {}, rows.map((row) => el("tr", {},
        el("th", { scope: "row" }, el("code", {}, row.name), note(row)),
        el("td", {}, el("span", { class: "type" }, row.says ?? typeOf(row.schema)), meaning(row)))))));
}

/** Where a field stands and whether it must be there; an answer's header has no such duty. */
function note({ required, place }) {
  const said = [required === undefined ? "" : required ? "required" : "optional", place].filter(Boolean);
  return el("span", { class: "note" }, said.join(", "));
}

function meaning({ schema = {}, description = schema.description }) {
  const limits = bounds(schema).join("; ");
  return [
    description && el("p", {}, inline(description)),
    limits && el("p", { class: "hint" }, limits),
  ];
}

/** A whole schema: its fields if it has some, else its type and bounds. allOf is shown as one. */
export function schemaBody(contract, schema, name) {
  const parts = [schema, ...(schema.allOf ?? []).map((part) => contract.resolve(part))];
  const required = new Set(parts.flatMap((part) => part.required ?? []));
  const rows = parts
    .flatMap((part) => Object.entries(part.properties ?? {}))
    .filter(([field]) => field !== "$schema")
    .map(([field, node]) => ({ name: field, schema: node, required: required.has(field) }));
  if (rows.length > 0) return fields(rows, `Fields of ${name}`);
  return el("p", {}, typeOf(schema), ...bounds(schema).map((limit) => `; ${limit}`));
}
