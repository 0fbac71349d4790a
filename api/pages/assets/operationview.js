// One operation of the reference: what it is, who may call it, what goes in and what comes out.

import { el } from "./dom.js";
import { inline, prose } from "./prose.js";
import { fields, typeOf } from "./schemaview.js";

/** The article of an operation, whose id its anchor links to. */
export function operationView(contract, operation) {
  return el("article", { class: "operation", id: operation.id },
    el("h3", {}, el("a", { class: "anchor", href: `#${operation.id}` }, operation.summary ?? operation.id), operation.deprecated && el("span", { class: "note" }, "deprecated")),
    el("p", { class: "line" }, el("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()), " ", el("code", {}, breakable(operation.path)), el("span", { class: "note" }, operation.id)),
    prose(operation.description),
    el("p", { class: "hint" }, access(contract, operation)),
    operation.parameters.length > 0 && fields(operation.parameters.map(parameter), "Parameters"),
    requestBody(contract, operation),
    el("h4", {}, "Answers"),
    el("div", { class: "answers" }, Object.entries(operation.responses ?? {}).map(([status, node]) => answer(contract, status, contract.resolve(node)))));
}

/** A long path may be broken at its slashes. */
function breakable(path) {
  return path.split(/(?=\/)/).flatMap((part) => [el("wbr"), part]);
}

function access(contract, operation) {
  const choices = contract.security(operation);
  if (choices.every((all) => all.length === 0)) return "Open to all: no token is asked for.";
  const named = choices.filter((all) => all.length > 0).map((all) => all.map(({ name, scopes }) => (scopes.length ? `${name} (${scopes.join(", ")})` : name)).join(" and "));
  const open = named.length < choices.length ? ", or for nothing where the operator lets anybody in" : "";
  return `Asks for ${named.join(", or ")}${open}.`;
}

function parameter({ name, in: place, schema, description, required = false }) {
  return { name, schema, description, required, place: `in ${place}` };
}

function requestBody(contract, operation) {
  const body = contract.resolve(operation.requestBody);
  if (!body.content) return null;
  return [
    el("h4", {}, "Request body", el("span", { class: "note" }, body.required ? "required" : "optional")),
    prose(body.description),
    contents(contract, body.content),
  ];
}

/** Each answer folds; a success is open from the start. */
function answer(contract, status, response) {
  const headers = Object.entries(response.headers ?? {}).map(([name, node]) => {
    const header = contract.resolve(node);
    return { name, schema: header.schema, description: header.description };
  });
  const codes = refusals(contract, response).map(({ code }) => code);
  const words = [el("span", { class: "status" }, status), " ", el("span", {}, inline(response.description ?? ""), codes.length > 0 && el("span", { class: "note" }, codes.join(", ")))];
  const detail = [headers.length > 0 && fields(headers, "Headers"), codes.length > 0 ? problems(contract, response) : response.content && contents(contract, response.content)].filter(Boolean);
  if (detail.length === 0) return el("p", { class: "bare" }, words);
  return el("details", { open: status.startsWith("2") }, el("summary", {}, words), detail);
}

/** The examples of an answer that is a problem document, each of another code. */
function refusals(contract, response) {
  const { examples = {}, example } = response.content?.["application/problem+json"] ?? {};
  return [example, ...Object.values(examples).map((node) => contract.resolve(node).value)].filter((problem) => problem?.code);
}

/** Refusals as a table: they are all of one schema, and what differs is the code and what it says. */
function problems(contract, response) {
  const rows = refusals(contract, response).map(({ code, detail, retryable }) => ({
    name: code, description: detail, says: retryable ? "may succeed later" : "does not succeed if repeated as it is",
  }));
  return [el("p", { class: "media" }, el("code", {}, "application/problem+json"), ": ", typeOf(response.content["application/problem+json"].schema)), fields(rows, "Codes")];
}

function contents(contract, content) {
  return Object.entries(content).flatMap(([type, media]) => [
    el("p", { class: "media" }, el("code", {}, type), media.schema && [": ", ...typeOf(media.schema)]),
    example(contract.exampleOf(media)),
  ]);
}

function example(value) {
  if (value == null || value === "string") return null;
  const text = typeof value === "string" ? value.replace(/\r\n/g, "\n") : JSON.stringify(value, null, 2);
  return el("div", { class: "example" }, el("pre", { tabindex: "0" }, el("code", {}, text)), el("button", { type: "button", class: "quiet" }, "Copy"));
}
