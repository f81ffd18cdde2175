# The commands of every day; `make help` lists them. What they do stands in tools/.
STACK ?= $(or $(PULUMI_STACK),dev)
# A stack stays on one engine, so that Podman has one of its own.
PODMAN_STACK = $(if $(filter file default,$(origin STACK)),podman,$(STACK))
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down status submit shell logs env purge prune-images publish pin sbom audit build-docker run-docker stop-docker \
    build-podman run-podman stop-podman test test-unit test-integration test-ide test-browser lint pictures readme

with_env = . <(tools/env.sh $(STACK)) &&

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-18s %s\n' "$$name" "$$text"; done

up: ## Bring the cluster up, or make it what the configuration says (STACK=dev)
	@tools/up.sh $(STACK)

down: ## Take the cluster away; images and data stay
	@tools/down.sh $(STACK)

status: ## Show the cluster's containers, workers and applications
	@$(with_env) tsx tools/status.ts

submit: ## Run a script on the cluster (APP=path/to/job.py ARGS="one two")
	@tools/submit.sh $(STACK) "$(APP)" $(ARGS)

shell: ## Open a PySpark shell on the cluster
	@tools/shell.sh $(STACK)

logs: ## Show what the containers wrote (ROLE=worker, FOLLOW=1)
	@tools/logs.sh $(STACK) $(ROLE)

env: ## Print what a shell needs for a bare pulumi: eval "$$(make -s env)"
	@tools/env.sh $(STACK)

purge: ## Delete the data that a cluster left; asks first (YES=1 answers)
	@tools/purge.sh $(STACK)

prune-images: ## Remove the images that no container uses
	@tools/prune-images.sh $(STACK)

publish: ## Push the images to the stack's registry, and lock their digests
	@tools/publish.sh $(STACK)

pin: ## Hold the base image to the digest that its registry has today
	@tools/pin.sh $(STACK)

sbom: ## Write what the images are made of into sbom/ (IMAGE=jupyterlab)
	@tools/sbom.sh $(STACK) $(IMAGE)

audit: ## Ask the advisory sources about everything that is pinned
	@tools/audit.sh $(STACK)

build-docker: ## Build the images on Docker, and nothing else
	@tools/on.sh docker build $(STACK)

run-docker: ## Bring a cluster up on Docker
	@tools/on.sh docker up $(STACK)

stop-docker: ## Take the cluster on Docker away; images and data stay
	@tools/on.sh docker down $(STACK)

build-podman: ## Build the images on Podman, and nothing else (STACK=podman)
	@tools/on.sh podman build $(PODMAN_STACK)

run-podman: ## Bring a cluster up on Podman (STACK=podman)
	@tools/on.sh podman up $(PODMAN_STACK)

stop-podman: ## Take the cluster on Podman away; images and data stay (STACK=podman)
	@tools/on.sh podman down $(PODMAN_STACK)

test: ## Run all tests and the linters
	@tools/test.sh unit lint integration ide browser

test-unit: ## Run the unit tests
	@tools/test.sh unit

test-integration: ## Run the tests of the cluster on both engines
	@tools/test.sh integration

test-ide: ## Run the tests of what a notebook sees
	@tools/test.sh ide

test-browser: ## Run the tests in a browser
	@tools/test.sh browser

pictures: ## Take the pictures of docs/ anew, from a cluster of their own
	@PICTURES="$(CURDIR)/docs/pictures" tools/test.sh browser

readme: ## Write the table of config keys in README.md anew
	@tools/setup.sh && npx tsx tools/readme.ts

lint: ## Check types, style, Dockerfiles and shell scripts
	@tools/test.sh lint
