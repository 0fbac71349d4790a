# Everything that is done to Rostrum, by name. "make help" lists it.

GO     ?= go
LINT   := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZ   ?= 60s
SOAK   ?= 10m

.DEFAULT_GOAL := help

.PHONY: help
help: ## Tell what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/rostrum
	$(GO) build -o bin/rostrum ./cmd/rostrum

.PHONY: run
run: build ## Serve on :8080 with embedded defaults (needs Go alone)
	./bin/rostrum

.PHONY: demo
demo: build ## Send the built-in clip into room "demo" of the server on this machine
	./bin/rostrum publish --demo demo

# A program that is built for the race detector waits for a second before it exits, and the
# tests start some hundreds.
.PHONY: test
test: needs ## Run every test under the race detector ("make lint" vets)
	GORACE=atexit_sleep_ms=50 $(GO) test -race -timeout 14m ./...

.PHONY: needs
needs:
	@./.ci/test-needs.sh

.PHONY: interop
interop: ## Try real clients: FFmpeg, Firefox, npm libraries, TURN, TCP (docs/interop.md)
	cd cmd/rostrum/interop/clients && npm install --no-package-lock --no-audit --no-fund
	$(GO) test -tags interop -count 1 -timeout 20m -v ./cmd/rostrum/interop

.PHONY: lint
lint: ## Run the linter
	GOBIN=$(CURDIR)/bin $(GO) install $(LINT)
	GOFLAGS=-race ./bin/golangci-lint run ./...

.PHONY: bench
bench: build ## Measure this machine, RUNS=5 DURATION=10s, into docs/performance.md and docs/database.md (an hour)
	@./.ci/bench.sh

.PHONY: bench-database
bench-database: ## Measure the databases alone, ROOMS=100000 SESSIONS=1000000, into docs/database.md
	@./.ci/bench.sh database

.PHONY: soak
soak: ## Stream for SOAK=10m to a client that checks every packet and to Chromium
	SOAK=$(SOAK) $(GO) test -tags soak -timeout 60m -count 1 -v ./cmd/rostrum/soak

.PHONY: fuzz
fuzz: ## Fuzz every parser of foreign bytes, FUZZ=60s each
	@./.ci/fuzz.sh $(FUZZ)

.PHONY: api
api: ## Rewrite what is generated: the contract, the clients, what the pages load, docs/configuration.md (needs npm)
	UPDATE=1 $(GO) test -count 1 -run '^TestOpenAPIIsCommitted$$' ./api
	UPDATE=1 $(GO) test -count 1 -run '^(TestExample|TestReference)' ./cmd/rostrum/config
	@GO="$(GO)" ./.ci/api-generate.sh api

.PHONY: api-check
api-check: needs ## Fail when what is generated is stale, or the contract is not in order (needs npm)
	@GO="$(GO)" ./.ci/api-check.sh

.PHONY: api-release
api-release: ## Take the contract as it is for released: api-check compares with it from then on
	cp api/openapi.yaml api/released.yaml

.PHONY: vuln
vuln: ## Look for known vulnerabilities in what is linked
	$(GO) -C tools build -o $(CURDIR)/bin/govulncheck golang.org/x/vuln/cmd/govulncheck
	./bin/govulncheck ./...
