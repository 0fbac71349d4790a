# Everything that is done to Rostrum, by name. "make help" lists it.

GO     ?= go
LINT   := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
VULN   := golang.org/x/vuln/cmd/govulncheck@v1.9.0
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

.PHONY: test
test: needs ## Run every test under the race detector
	$(GO) vet -race ./...
	$(GO) test -race -timeout 14m ./...

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
api: ## Rewrite what is generated: api/openapi.yaml, rostrum.example.yaml
	$(GO) run ./cmd/rostrum openapi > api/openapi.yaml.new
	mv api/openapi.yaml.new api/openapi.yaml
	UPDATE=1 $(GO) test -run TestExample -count 1 ./cmd/rostrum/config

.PHONY: api-lint
api-lint: ## Lint api/openapi.yaml by Redocly and Spectral (needs npm)
	npx --yes @redocly/cli@2.77.0 lint --config api/redocly.yaml api/openapi.yaml
	npx --yes @stoplight/spectral-cli@6.16.3 lint --ruleset api/spectral.yaml --fail-severity error api/openapi.yaml

.PHONY: vuln
vuln: ## Look for known vulnerabilities in what is linked
	$(GO) run $(VULN) ./...
