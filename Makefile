# Everything here needs Go and make alone, but lint (downloads its linters), e2e (root
# on Debian; installs what it needs by name) and release (git, GNU tar, Linux).

VERSION  ?= $(or $(shell git describe --tags --match 'v[0-9]*' 2>/dev/null | sed 's/^v//'),1.0.0-dev)
COMMIT   ?= $(or $(shell git describe --always --exclude '*' --abbrev=12 --dirty 2>/dev/null),unknown)
# When the commit was made: what a release holds bears this time.
EPOCH    ?= $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
FUZZTIME ?= 60s
BIN      := bin/imgcheck
FIXTURE  := fixtures/ubuntu-24.04-dirty
TOOLS    := bin/tools
LDFLAGS   = -s -w -buildid= -X imgcheck/internal/$(1).version=$(VERSION) -X imgcheck/internal/$(1).commit=$(COMMIT)
STATIC   := CGO_ENABLED=0 GOOS=linux GOARCH=amd64
# The caller's GOFLAGS must not change the bytes of the binary.
# Without inlining in our own packages it is a quarter of a megabyte smaller, and no slower to notice.
GOBUILD  := $(STATIC) GOFLAGS= GOAMD64=v1 go build -trimpath -buildvcs=false -gcflags='imgcheck/...=-l' -ldflags "$(call LDFLAGS,cli)"
# Mp-submit runs where Packer does.
PACKERS  := linux-amd64 linux-arm64 darwin-amd64 darwin-arm64
SUBMIT    = CGO_ENABLED=0 GOFLAGS= GOAMD64=v1 $(if $(1),GOOS=$(word 1,$(subst -, ,$(1))) GOARCH=$(word 2,$(subst -, ,$(1)))) go build -trimpath -buildvcs=false -ldflags "$(call LDFLAGS,submit)"
# A namespace of its own: whatever the tests mount is gone when they end, however they end.
E2E      := unshare --mount go test -tags e2e -count=1 -parallel 2 -timeout 40m

.DEFAULT_GOAL := help
.PHONY: help build run test e2e bench lint docs fuzz release clean

help: ## this list
	@echo 'imgcheck validates and cleans a build droplet before it becomes a Marketplace image.'
	@echo 'Start with: make run'
	@echo
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target text; do \
	  printf '  make %-8s %s\n' "$$target" "$$text"; done

build: ## the static linux/amd64 binary, and mp-submit for this machine: bin/
	$(GOBUILD) -o $(BIN) .
	$(call SUBMIT) -o bin/mp-submit ./cmd/mp-submit

run: build ## build, and validate a fixture that shows what the tool finds
	@echo './$(BIN) check --root $(FIXTURE)'
	@./$(BIN) check --root $(FIXTURE); code=$$?; echo; \
	echo "Exit code $$code. This tree is dirty on purpose: 1, not publishable, is the right answer."; \
	[ "$$code" -eq 1 ]

test: ## unit and golden tests: no root, no network
	go test ./...

e2e: ## tests against real apt, dpkg, dnf, rpm and Packer (Debian, root; about 17 minutes)
	sh e2e/setup.sh
	$(E2E) ./e2e/

bench: ## time, memory and size, printed as a table (Debian, root)
	sh e2e/setup.sh
	$(E2E) -v -run '^TestSpeed$$' ./e2e/ -speed

lint: $(TOOLS)/golangci-lint ## gofmt, vet, staticcheck, golangci-lint; the race detector where there is a C compiler
	@unformatted=$$(find . -name '*.go' -not -path './.*' -not -path './bin/*' -exec gofmt -l {} +); \
	if [ -n "$$unformatted" ]; then echo "gofmt these files:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go vet -tags e2e ./...
	$(TOOLS)/staticcheck ./...
	$(TOOLS)/staticcheck -tags e2e ./...
	$(TOOLS)/golangci-lint run --build-tags e2e ./...
	@if command -v gcc >/dev/null; then echo 'go test -race ./...'; CGO_ENABLED=1 go test -race ./...; \
	else echo 'no gcc here: the race detector was not run'; fi

docs: ## docs/checks.md and docs/steps.md from the catalogues, docs/man from the commands
	go test ./report/ ./internal/cli/ ./internal/submit/ -run '^(TestPagesAreFresh|TestManualIsFresh)$$' -update

fuzz: ## every fuzz target for FUZZTIME (60s each)
	@for package in $$(go list ./...); do \
	  targets=$$(go test -list '^Fuzz' "$$package") || exit 1; \
	  for target in $$(echo "$$targets" | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package" || exit 1; \
	  done; \
	done

release: $(TOOLS)/cyclonedx-gomod ## static binaries, SBOM, checksums and one tarball, the same bytes every time: dist/
	rm -rf dist
	mkdir dist
	$(GOBUILD) -o dist/imgcheck-linux-amd64 .
	$(foreach on,$(PACKERS),$(call SUBMIT,$(on)) -o dist/mp-submit-$(on) ./cmd/mp-submit &&) true
	.ci/release '$(VERSION)' '$(EPOCH)'

clean: ## removes bin/ and dist/
	rm -rf bin dist

# The linters have a module of their own, so that they never enter the product's go.mod.
$(TOOLS)/golangci-lint: tools/go.mod tools/go.sum
	mkdir -p $(TOOLS)
	go build -C tools -o $(CURDIR)/$(TOOLS)/ tool
	touch $(TOOLS)/golangci-lint

# An SBOM names the bytes of the tool that made it, so these must be the same too.
$(TOOLS)/cyclonedx-gomod: tools/sbom/go.mod tools/sbom/go.sum
	mkdir -p $(TOOLS)
	$(STATIC) GOFLAGS= GOAMD64=v1 go build -C tools/sbom -trimpath -buildvcs=false -o $(CURDIR)/$(TOOLS)/ tool
	touch $(TOOLS)/cyclonedx-gomod
