# Each target is one script. NO_INSTALL=1 makes a script name what is missing instead of installing it.
.DEFAULT_GOAL := help
.PHONY: help up test check bench

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

up: ## build the release binary and discover this repository, or REPO=/path
	@scripts/up.sh $(if $(REPO),"$(REPO)")

test: ## set up what tests need and run every test
	@scripts/test.sh

check: ## format, lints, documentation, dependencies, house rules
	@scripts/check.sh

bench: ## compare with floors and peers on the clones in REPOS=/path
	@scripts/bench.sh $(if $(REPOS),--repos "$(REPOS)")
