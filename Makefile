# The commands of every day; `make help` lists them. What they do stands in tools/.
STACK ?= $(or $(PULUMI_STACK),dev)
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down status env purge prune-images test test-unit test-integration lint readme

with_env = . <(tools/env.sh $(STACK)) &&

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-18s %s\n' "$$name" "$$text"; done

up: ## Bring the cluster up, or make it what the configuration says (STACK=dev)
	@tools/up.sh $(STACK)

down: ## Take the cluster away; images and data stay
	@tools/down.sh $(STACK)

status: ## Show the cluster's containers, workers and applications
	@$(with_env) tsx tools/status.ts

env: ## Print what a shell needs for a bare pulumi: eval "$$(make -s env)"
	@tools/env.sh $(STACK)

purge: ## Delete the data that a cluster left; asks first (YES=1 answers)
	@tools/purge.sh $(STACK)

prune-images: ## Remove the images that no container uses
	@$(with_env) docker --host "$$(tsx tools/where.ts | head -n 1)" image prune --all --force --filter label=spark-cluster.image

test: ## Run all tests and the linters
	@tools/test.sh unit lint integration

test-unit: ## Run the unit tests
	@tools/test.sh unit

test-integration: ## Run the tests on a real engine
	@tools/test.sh integration

readme: ## Write the table of config keys in README.md anew
	@tools/setup.sh && npx tsx tools/readme.ts

lint: ## Check types, style, Dockerfiles and shell scripts
	@tools/test.sh lint
