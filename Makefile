# Each target is one script. NO_INSTALL=1 makes a script name what is missing instead of installing it.
.DEFAULT_GOAL := help
.PHONY: help up test check bench evidence images compose-up compose-test

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

up: ## build the release binary, discover and map this repository, or REPO=/path, and run everything there
	@scripts/up.sh $(if $(REPO),"$(REPO)")

test: ## set up what tests need and run every test
	@scripts/test.sh

check: ## format, lints, documentation, dependencies, house rules
	@scripts/check.sh

bench: ## compare with floors and peers on the clones in REPOS=/path
	@scripts/bench.sh $(if $(REPOS),--repos "$(REPOS)")

evidence: ## what rankings were worth on the clones in REPOS=/path, each set back a year and two: docs/evidence
	@scripts/evidence.sh $(if $(REPOS),--repos "$(REPOS)")

images: ## the container images, without a registry, or REGISTRY=1 with one
	@compose/images.sh

compose-up: ## the house in containers for this repository, or REPO=/path (compose/README.md)
	@compose/up.sh $(if $(REPO),"$(REPO)")

compose-test: ## play the story against containers that are thrown away afterwards
	@compose/test.sh
