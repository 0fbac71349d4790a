#!/bin/sh
# Makes what is generated from openapi.yaml in a folder that is laid out as api/ is:
# the Go client, the TypeScript client, and the module that the pages load.
#
#   api-generate.sh FOLDER
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

# The versions are pinned by tools/openapi/go.mod and by the package-lock.json beside the sources.
(cd "$root/tools/openapi" && "${GO:-go}" build -o "$root/bin/oapi-codegen" github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen)

(cd "$1/client" && "$root/bin/oapi-codegen" -config oapi-codegen.yaml ../openapi.yaml)
(cd "$1/typescript" && npm ci --ignore-scripts --loglevel=error && npm run --silent build)
