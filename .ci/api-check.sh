#!/bin/sh
# Fails when something that is generated is not what is committed, when the contract lints
# badly, or when it breaks clients and does not say so. It writes nothing in the checkout
# but bin/ and node_modules/: what it generates it makes in a copy.
set -u
cd "$(dirname "$0")/.."
GO=${GO:-go}
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# check WORDS COMMAND...: runs a command, and tells by the words what has failed.
check() {
	words=$1
	shift
	if "$@" >"$scratch/said" 2>&1; then return; fi
	cat "$scratch/said"
	echo "api-check: $words" >&2
	failed=1
}

check "api/openapi.yaml or api/openapi-3.0.yaml is not what the code says: run make api" \
	"$GO" test -race -run '^TestOpenAPIIsCommitted$' ./api
check "rostrum.example.yaml or docs/configuration.md is not what the configuration says: run make api" \
	"$GO" test -race -run '^(TestExample|TestReference)' ./cmd/rostrum/config

tar --exclude node_modules -cf - api | tar -xf - -C "$scratch"
check "the clients cannot be generated" ./.ci/api-generate.sh "$scratch/api"
for made in client/client.gen.go typescript/src/schema.ts pages/assets/rostrum.js pages/assets/rostrum.d.ts; do
	check "api/$made is not what is generated from the contract: run make api" diff --brief "api/$made" "$scratch/api/$made"
done
check "the TypeScript package cannot be used as it is packed: see api/typescript/package.check.js" \
	npm run --silent --prefix "$scratch/api/typescript" package

installed=tools/openapi/node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ tools/openapi/package-lock.json -nt "$installed" ]; then
	check "the linters cannot be installed" npm ci --prefix tools/openapi --ignore-scripts --loglevel=error
fi
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
linters=tools/openapi/node_modules/.bin
for document in api/openapi.yaml api/openapi-3.0.yaml; do
	check "Redocly does not like $document: mend it, or answer the rule in api/redocly.yaml with a reason" \
		"$linters/redocly" lint --config api/redocly.yaml --max-problems 20 "$document"
	if grep -q 'You have .* warning' "$scratch/said"; then
		cat "$scratch/said"
		echo "api-check: Redocly warns of $document: mend it, or answer the rule in api/redocly.yaml with a reason" >&2
		failed=1
	fi
	check "Spectral does not like $document: mend it, or answer the rule in api/spectral.yaml with a reason" \
		"$linters/spectral" lint --ruleset api/spectral.yaml --fail-severity hint "$document"
done

check "the contract's own tools fail, or the contract is not valid" "$GO" -C tools/openapi test ./...
check "the contract is not what its version says it is: see api/changes/README.md" \
	"$GO" -C tools/openapi run ./breaking ../../api/released.yaml ../../api/openapi.yaml ../../api/changes

[ "$failed" = 0 ] && echo "api-check: what is generated is up to date, and the contract is in order"
exit "$failed"
