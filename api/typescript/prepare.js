// Puts the module and its types, which are committed where the server's pages load them, into the package.

import { copyFileSync, mkdirSync } from "node:fs";

mkdirSync("dist", { recursive: true });
for (const name of ["rostrum.js", "rostrum.d.ts"]) copyFileSync(`../pages/assets/${name}`, `dist/${name}`);
