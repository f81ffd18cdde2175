# The commands of every day; `make help` lists them. What they do stands in tools/.
# What a person gives is text, which neither make nor a shell looks into: it goes to the scripts through the environment.
$(foreach each,APP ARGS BENCH FOLLOW LANES ONLY ROLE STACK TESTS YES,$(if $(value $(each)),$(eval override export $(each) := $$(value $(each)))))
export THIS_STACK := $(or $(value STACK),$(value PULUMI_STACK),dev)
# A stack stays on one engine, so that Podman has one of its own.
export PODMAN_STACK := $(or $(value STACK),podman)
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down sweep status submit shell logs env purge prune-images rotate-token rotate-secret publish release pin sbom audit build-docker \
    run-docker stop-docker build-podman run-podman stop-podman test test-all test-unit test-clusters \
    bench scaling lint pictures readme

with_env = environment=$$(tools/env.sh "$$THIS_STACK") && eval "$$environment" &&

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-18s %s\n' "$$name" "$$text"; done

up: ## Bring the cluster up, or make it what the configuration says (STACK=dev)
	@tools/up.sh "$$THIS_STACK"

down: ## Take the cluster away; images and data stay
	@tools/down.sh "$$THIS_STACK"

sweep: ## Clear what a killed run left half-made; make up does so itself, a bare pulumi up does not
	@$(with_env) tsx tools/sweep.ts

status: ## Show the cluster's containers, workers and applications
	@$(with_env) tsx tools/status.ts

submit: ## Run a script on the cluster (APP=path/to/job.py ARGS="one two")
	@mapfile -d '' -t words < <(xargs -r printf '%s\0' <<< "$${ARGS-}") && wait $$! && exec tools/submit.sh "$$THIS_STACK" "$${APP-}" "$${words[@]}"

shell: ## Open a PySpark shell on the cluster
	@tools/shell.sh "$$THIS_STACK"

logs: ## Show what the containers wrote (ROLE=worker, FOLLOW=1)
	@tools/logs.sh "$$THIS_STACK" "$${ROLE-}"

env: ## Print what a shell needs for a bare pulumi: eval "$$(make -s env)"
	@tools/env.sh "$$THIS_STACK"

purge: ## Delete the data that a cluster left; asks first (YES=1 answers)
	@tools/purge.sh "$$THIS_STACK"

rotate-token: ## Give JupyterLab and Spark Connect another token
	@tools/rotate.sh "$$THIS_STACK" token

rotate-secret: ## Give Spark's RPC and the shared catalog another secret
	@tools/rotate.sh "$$THIS_STACK" secret

prune-images: ## Remove the images that no container uses
	@tools/prune-images.sh "$$THIS_STACK"

publish: ## Push the images to the stack's registry, and lock their digests
	@tools/publish.sh "$$THIS_STACK"

release: ## Publish the images, and the npm package that has their digests
	@tools/release.sh "$$THIS_STACK"

pin: ## Hold the base image to the digest that its registry has today
	@tools/pin.sh "$$THIS_STACK"

sbom: ## Write what the images are made of into sbom/ (IMAGE=jupyterlab)
	@tools/sbom.sh "$$THIS_STACK" "$${IMAGE-}"

audit: ## Ask the advisory sources about everything that is pinned
	@tools/audit.sh "$$THIS_STACK"

build-docker: ## Build the images on Docker, and nothing else
	@tools/on.sh docker build "$$THIS_STACK"

run-docker: ## Bring a cluster up on Docker
	@tools/on.sh docker up "$$THIS_STACK"

stop-docker: ## Take the cluster on Docker away; images and data stay
	@tools/on.sh docker down "$$THIS_STACK"

build-podman: ## Build the images on Podman, and nothing else (STACK=podman)
	@tools/on.sh podman build "$$PODMAN_STACK"

run-podman: ## Bring a cluster up on Podman (STACK=podman)
	@tools/on.sh podman up "$$PODMAN_STACK"

stop-podman: ## Take the cluster on Podman away; images and data stay (STACK=podman)
	@tools/on.sh podman down "$$PODMAN_STACK"

test: ## Run the tests and the linters that every change has to pass, in less than half an hour
	@tools/test.sh unit lint core

test-all: ## Run all tests: those of make test, and the clusters on every other engine and target
	@tools/test.sh unit lint core extended

test-unit: ## Run the unit tests
	@tools/test.sh unit

test-clusters: ## Run the tests of some clusters alone (ONLY=life, TESTS=a part of the tests' names)
	@tools/test.sh core extended

bench: ## Measure this cluster beside its alternatives (BENCH=name)
	@tools/setup.sh && exec node --import tsx bench/run.ts "$${BENCH-}"

scaling: ## Find out how many workers one master is good for (ARGS=--write)
	@tools/setup.sh && exec node --import tsx bench/scaling/run.ts "$${ARGS-}"

pictures: ## Take the pictures of docs/ again, from a cluster of their own
	@PICTURES="$(CURDIR)/docs/pictures" ONLY=tour TESTS="default browser" tools/test.sh core

readme: ## Write the config keys into Pulumi.yaml and docs/reference/config.md
	@tools/setup.sh && npx tsx tools/readme.ts

lint: ## Check types, style, Dockerfiles and shell scripts
	@tools/test.sh lint
