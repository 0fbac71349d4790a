// Takes the package as a stranger does: packs it, installs it into a project of its own, and there type-checks a
// program and bundles it. It needs no network.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = `
import { Problem, Publisher, Rostrum, Subscriber, type components } from "rostrum-client";

const rostrum = new Rostrum({ server: "https://live.example.net", token: async () => "secret" });
export const watch = (video: HTMLVideoElement): Promise<void> => new Subscriber(rostrum, "demo").attach(video).start();
export const publish = (stream: MediaStream): Publisher =>
  new Publisher(rostrum, "demo", stream, { codec: "VP8" }).on("closed", ({ why }) => console.log(why?.code));

export async function roles(room: string): Promise<components["schemas"]["SessionRole"][]> {
  const { data } = await rostrum.api.GET("/api/rooms/{room}/sessions", { params: { path: { room } } });
  return data?.sessions.map(({ role }) => role) ?? [];
}

export const refused = (error: unknown): number | null => (error instanceof Problem ? error.retryAfter : null);
// @ts-expect-error: the types are there, and not any
rostrum.api.GET("/api/nowhere");
`;

const CONTENTS = ["README.md", "dist/rostrum.d.ts", "dist/rostrum.js", "package.json"];

const home = mkdtempSync(join(tmpdir(), "rostrum-client-"));
try {
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", home], "."));
  const contents = packed.files.map(({ path }) => path).sort();
  if (String(contents) !== String(CONTENTS)) throw new Error(`The package holds ${contents}, and should hold ${CONTENTS}: see files in package.json.`);

  writeFileSync(join(home, "package.json"), '{ "private": true, "type": "module" }');
  writeFileSync(join(home, "stranger.ts"), PROGRAM);
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", join(home, packed.filename)], home);
  for (const kind of [["--module", "preserve", "--moduleResolution", "bundler"], ["--module", "node16", "--moduleResolution", "node16"]]) {
    run(tool("tsc"), ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", ...kind, "stranger.ts"], home);
  }

  run(tool("esbuild"), ["stranger.ts", "--bundle", "--format=esm", "--outfile=all.js", "--log-level=warning"], home);
  writeFileSync(join(home, "part.js"), 'import { Problem } from "rostrum-client"; console.log(new Problem("closed").detail);');
  run(tool("esbuild"), ["part.js", "--bundle", "--format=esm", "--outfile=little.js", "--log-level=warning"], home);
  const [all, little] = ["all.js", "little.js"].map((name) => readFileSync(join(home, name)).length);
  if (little * 5 > all) throw new Error(`Who imports Problem alone gets ${little} bytes of ${all}: something in the module cannot be left out.`);
} finally {
  rmSync(home, { recursive: true });
}

function tool(name) {
  return resolve("node_modules/.bin", name);
}

/** Runs a command and returns what it says; throws with all of that where it fails. */
function run(command, args, cwd) {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch ({ message, stdout, stderr }) {
    throw new Error(`${message}\n${stdout ?? ""}${stderr ?? ""}`);
  }
}
