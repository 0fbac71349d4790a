// Reading an OpenAPI 3.1 document: references, groups, type names and made-up examples. Nothing here touches the page.

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"];
const SHOWN = 12; // values of a list that has no end
const DEEPEST = 6; // how far an example follows schemas that contain each other

export class Contract {
  constructor(json) {
    this.json = json;
  }

  /** Follows a $ref, also one to a $ref. What points nowhere is an empty object, so that a page still comes of it. */
  resolve(node) {
    for (let hops = 0; node?.$ref && hops < 16; hops++) {
      const path = node.$ref.split("/").slice(1).map((part) => decodeURIComponent(part).replace(/~1/g, "/").replace(/~0/g, "~"));
      node = path.reduce((at, part) => at?.[part], this.json);
    }
    return node ?? {};
  }

  /** Tags with their operations, in the document's own order; what has no tag comes last. */
  groups() {
    const described = new Map((this.json.tags ?? []).map((tag) => [tag.name, tag.description ?? ""]));
    const groups = new Map([...described.keys()].map((name) => [name, []]));
    for (const operation of this.#operations()) {
      const name = operation.tags?.[0] ?? "Other";
      groups.set(name, [...(groups.get(name) ?? []), operation]);
    }
    return [...groups]
      .filter(([, operations]) => operations.length > 0)
      .map(([name, operations]) => ({ name, description: described.get(name) ?? "", operations }));
  }

  *#operations() {
    for (const [path, item] of Object.entries(this.json.paths ?? {})) {
      for (const method of METHODS) {
        const operation = item[method];
        if (!operation) continue;
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((node) => this.resolve(node));
        yield { ...operation, path, method, parameters, id: operation.operationId ?? slug(`${method}-${path}`) };
      }
    }
  }

  schemas() {
    return Object.entries(this.json.components?.schemas ?? {});
  }

  /** The security schemes that an operation names, or the whole document's; [] for an open operation. */
  security(operation) {
    const wanted = operation.security ?? this.json.security ?? [];
    return wanted.map((choice) => Object.entries(choice).map(([name, scopes]) => ({ name, scopes })));
  }

  /** The example that a media type gives, or one made from its schema; undefined if there is neither. */
  exampleOf(media) {
    if (media.example !== undefined) return media.example;
    const [first] = Object.values(media.examples ?? {});
    if (first) return this.resolve(first).value;
    return media.schema && this.#made(media.schema, 0);
  }

  #made(node, depth) {
    const schema = this.resolve(node);
    const given = schema.examples?.[0] ?? schema.example ?? schema.const ?? schema.default ?? schema.enum?.[0];
    if (given !== undefined) return given;
    if (depth >= DEEPEST) return null;
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.#made(part, depth + 1)));
    const choice = schema.oneOf ?? schema.anyOf;
    if (choice) return this.#made(choice[0], depth + 1);
    const type = [schema.type].flat().find((name) => name !== "null");
    if (type === "object" || schema.properties) {
      const shown = Object.entries(schema.properties ?? {}).filter(([name]) => name !== "$schema");
      return Object.fromEntries(shown.map(([name, part]) => [name, this.#made(part, depth + 1)]));
    }
    if (type === "array") return [this.#made(schema.items ?? {}, depth + 1)];
    return PLAIN[schema.format] ?? PLAIN[type] ?? null;
  }
}

const PLAIN = {
  "date-time": "2026-01-31T18:00:00Z",
  date: "2026-01-31",
  uri: "urn:example:one",
  integer: 0,
  number: 0,
  boolean: true,
  string: "string",
};

/** The name that a $ref ends in, or "". */
export function refName(node) {
  return node?.$ref?.split("/").pop() ?? "";
}

/** What may be a link's target: letters, digits and dashes. */
export function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/** The bounds that a schema sets, each as a few words. */
export function bounds(schema) {
  const said = [];
  const say = (key, words) => schema[key] !== undefined && said.push(words(schema[key]));
  say("enum", (values) => `one of ${values.join(", ")}`);
  say("x-extensible-enum", (values) => `${values.slice(0, SHOWN).join(", ")}${values.length > SHOWN ? ", ..." : ""}; more may come`);
  say("const", (value) => `always ${value}`);
  say("format", (name) => name);
  say("pattern", (pattern) => `like ${pattern}`);
  say("minimum", (value) => `at least ${value}`);
  say("maximum", (value) => `at most ${value}`);
  say("minLength", (value) => (value === 1 ? "not empty" : `at least ${value} characters`));
  say("maxLength", (value) => `at most ${value} characters`);
  say("minItems", (value) => `at least ${value} items`);
  say("maxItems", (value) => `at most ${value} items`);
  say("default", (value) => `${JSON.stringify(value)} if not given`);
  if (schema.readOnly) said.push("set by the server");
  return said;
}
