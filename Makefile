# The commands of every day; `make help` lists them. tools/ has their code.
# What a person gives is text, which neither make nor a shell looks into: it goes to the commands through the environment.
# A shell's own ENV is another: the file that it reads when it starts.
ifneq ($(origin ENV),command line)
override ENV :=
endif
$(foreach each,APP ARGS BENCH ENV FOLLOW IMAGE LANES MAIN ONLY OPTIONS ROLE STACK TESTS YES,$(if $(value $(each)),$(eval override export $(each) := $$(value $(each)))))
# The folder of the shell, also with -C. Paths are relative to it.
export CALLED_FROM := $(value PWD)
export THIS_STACK := $(or $(value STACK),$(value PULUMI_STACK),dev)
# A stack stays on one engine, so that Podman has one of its own.
export DOCKER_STACK := $(THIS_STACK)
export PODMAN_STACK := $(or $(value STACK),podman)
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down sweep status submit shell logs env purge prune-images rotate-token rotate-secret publish release pin sbom audit \
    build-docker run-docker stop-docker build-podman run-podman stop-podman test test-all test-unit test-clusters \
    bench scaling lint pictures readme

on_stack = @tools/spark-cluster $(1) --stack "$$THIS_STACK"
on_engine = @tools/spark-cluster $(1) --engine $(2) --stack "$$$(if $(filter podman,$(2)),PODMAN,DOCKER)_STACK"

help: ## List these commands
	@grep -hE '^[a-z% -]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z -]+):.*## /\1\t/; s/[$$][$$]/$$/g' | while IFS=$$'\t' read -r name text; do printf '  make %-28s %s\n' "$$name" "$$text"; done

up: ## Bring the cluster up, or make it what the configuration says (STACK=dev)
	$(call on_stack,up)

down: ## Take the cluster away; images and data stay
	$(call on_stack,down)

sweep: ## Clear what a killed run left half-made; make up does so itself, a bare pulumi up does not
	$(call on_stack,sweep)

status: ## Show the cluster's containers, workers and applications
	$(call on_stack,status)

submit: ## Run an application on the cluster (APP=job.py or a folder, MAIN=, ARGS="one two", OPTIONS="--conf ...", ENV="NAME")
	$(call on_stack,submit) --main="$${MAIN-}" --options="$${OPTIONS-}" --variables="$${ENV-}" --args="$${ARGS-}" -- "$${APP-}"

shell: ## Open a PySpark shell on the cluster
	$(call on_stack,shell)

logs: ## Show what the containers wrote (ROLE=worker, FOLLOW=1)
	$(call on_stack,logs) --role "$${ROLE-}" $$([ "$${FOLLOW-}" != 1 ] || echo --follow)

env: ## Print what a shell needs for a bare pulumi: eval "$$(make -s env)"
	$(call on_stack,env)

purge: ## Delete the data that a cluster left; asks first (YES=1 answers)
	$(call on_stack,purge) $$([ "$${YES-}" != 1 ] || echo --yes)

rotate-token rotate-secret: rotate-%: ## Give JupyterLab and Spark Connect another token; Spark's RPC, the shared catalog and the object store other secrets
	$(call on_stack,rotate $*)

prune-images: ## Remove this project's images that no container uses; says how to free Docker's build cache
	$(call on_stack,prune-images)

publish: ## Push the images to the stack's registry, and lock their digests
	$(call on_stack,publish)

release: ## Publish the images, and the npm package that has their digests
	$(call on_stack,release)

pin: ## Hold the base image to the digest that its registry has today
	$(call on_stack,pin)

sbom: ## Write what the images are made of into sbom/ (IMAGE=jupyterlab)
	$(call on_stack,sbom) --image "$${IMAGE-}"

audit: ## Ask the advisory sources about everything that is pinned
	$(call on_stack,audit)

build-docker build-podman: build-%: ## Build the images on this engine, and nothing else
	$(call on_engine,build,$*)

run-docker run-podman: run-%: ## Bring a cluster up on this engine (for Podman STACK=podman)
	$(call on_engine,up,$*)

stop-docker stop-podman: stop-%: ## Take the cluster on this engine away; images and data stay
	$(call on_engine,down,$*)

test: ## Run the tests and the linters that every change has to pass, in less than half an hour
	@tools/spark-cluster test unit lint core --lanes "$${LANES:-2}"

test-all: ## Run all tests: those of make test, and the clusters on every other engine and target
	@tools/spark-cluster test unit lint core extended --lanes "$${LANES:-2}"

test-unit: ## Run the unit tests
	@tools/spark-cluster test unit

test-clusters: ## Run the tests of some clusters alone (ONLY=life, TESTS=a part of the tests' names)
	@tools/spark-cluster test core extended --files "$${ONLY-}" --names "$${TESTS-}" --lanes "$${LANES:-2}"

bench: ## Measure this cluster beside its alternatives (BENCH=name)
	@tools/spark-cluster setup && exec node --import tsx bench/run.ts "$${BENCH-}"

scaling: ## Find out how many workers one master is good for (ARGS=--write)
	@tools/spark-cluster setup && exec node --import tsx bench/scaling/run.ts "$${ARGS-}"

pictures: ## Take the pictures of docs/ again, from a cluster of their own
	@PICTURES="$(CURDIR)/docs/pictures" tools/spark-cluster test core --files tour --names "default browser"

readme: ## Write the config keys into Pulumi.yaml, the reference and the component
	@tools/spark-cluster readme

lint: ## Check types, style, Dockerfiles and shell scripts
	@tools/spark-cluster lint
