// Bundles the client into one ES module that browsers load as it is. The same sources give the same bytes.

import { build } from "esbuild";

const banner = `/*! The client of Rostrum for browsers: its API, typed, and WHIP and WHEP on top of it.
 *  Generated from api/typescript by "make api": change it there. It contains openapi-fetch (MIT licence). */
/* @ts-self-types="./rostrum.d.ts" */`;

await build({
  entryPoints: ["src/index.ts"],
  outfile: "../pages/assets/rostrum.js",
  bundle: true,
  format: "esm",
  target: ["chrome128", "firefox130", "safari17.4"],
  charset: "utf8",
  legalComments: "inline",
  banner: { js: banner },
  logLevel: "warning",
});
