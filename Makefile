# Needs make and Python 3.11 or newer with venv; everything else goes into .venv.
# Choose the interpreter and the environment with PYTHON= and VENV=, options for pytest with ARGS=.

PYTHON ?= python3
VENV ?= .venv
bin = $(VENV)/bin

.PHONY: help run demo tour reminder order approve analyst knowledge seed invoke logs test test-slow test-cloud soak mutants golden bench bench-local bench-scale bench-console bench-cold check check-template format build cdk sbom audit requirements clean local dev conformance
.DEFAULT_GOAL = help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: local ## Run the pipeline on the sample data (NAME=x repeats or resumes execution x)
	@$(bin)/durable run app.entrypoints.pipeline.handler --event events/pipeline.json $(if $(NAME),--name '$(NAME)')

tour: local ## Take the tour of all operations, which waits for your answer: see docs/tour.md (NAME=x names it)
	@$(bin)/durable run TourFunction --event events/tour.json $(if $(NAME),--name '$(NAME)')

reminder: local ## Remind a customer of a cart after ten seconds, once: see docs/cart-reminder.md
	@$(bin)/durable run CartReminderFunction --event events/cart-reminder.json --name '$(or $(NAME),cart-reminder-c-1017)'

analyst: local knowledge ## Have an analyst answer a question about the sample data: see docs/analyst.md (EVENT=FILE asks another)
	@$(bin)/durable run PipelineFunction --event events/pipeline.json --name sample >/dev/null
	@$(bin)/durable run AnalystFunction --event $(or $(EVENT),events/analyst.json) $(if $(NAME),--name '$(NAME)')

order: local ## Fulfil an order at durable start, which runs in another terminal: see docs/fulfilment.md (EVENT=FILE for another)
	@$(bin)/durable run FulfilmentFunction:live --endpoint http://127.0.0.1:9010 --event $(or $(EVENT),events/fulfilment.json) \
		--name '$(or $(NAME),fulfilment-o-1001)'

demo: local knowledge ## Start all five workflows at one server, and be told what to look at and what to answer
	@$(bin)/python -m tools.demo

approve: local ## Decide on that order as a reviewer (ORDER=o-1001 DECISION=reject BY=sven)
	@$(bin)/python -m tools.decide '$(or $(ORDER),o-1001)' '$(or $(DECISION),approve)' --by '$(or $(BY),rita)'

test: dev ## Units, contracts and workflows; no AWS, no network
	$(bin)/python -m pytest -n auto -m 'not slow' $(ARGS)

test-slow: dev conformance ## Built artifacts, killed processes, random programs
	$(bin)/python -m pytest -m slow $(ARGS)

test-cloud: dev ## All workflows on a stack that you have deployed (STACK=name); writes there, and costs a little
	STACK='$(STACK)' $(bin)/python -m pytest -m cloud $(ARGS)

soak: dev ## Random programs with faults (MINUTES=10, SEED=n begins at program n, CASE=n.fault.call repeats one run)
	@$(bin)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE))

mutants: dev ## Break the core in one place at a time and tell which test notices (ONLY='swallow' for some)
	@$(bin)/python -m tests.mutants $(if $(ONLY),--only '$(ONLY)')

golden: dev ## Record the golden histories anew, once no execution of the old code runs
	$(bin)/python -m tests.golden

bench: ## Measure the core beside AWS's SDK (ROWS='map-100 waits' for some, else docs/benchmarks.md is written anew)
	@$(PYTHON) tools/venv.py .venv-bench requirements-bench.txt
	.venv-bench/bin/python -m benchmarks $(ROWS) $(ARGS)

bench-local: dev ## Measure the local runtime beside AWS's testing package (docs/benchmarks-local.md is written anew)
	$(bin)/python -m benchmarks.local_runtime $(ARGS)

bench-scale: dev ## Measure the pipeline on up to a million rows (docs/benchmarks-scale.md is written anew)
	$(bin)/python -m benchmarks.scale $(ARGS)

bench-cold: dev ## Measure the cold start of each function (docs/benchmarks-cold-start.md is written anew)
	$(bin)/python -m benchmarks.cold_start $(ARGS)

bench-console: dev ## Measure the console in Chromium, with large executions and many (docs/benchmarks-console.md is written anew)
	$(bin)/python -m benchmarks.console $(ARGS)

check: dev ## Lint, types, import contracts, template, workflow
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/cfn-lint template.yaml
	$(bin)/zizmor --offline --quiet --pedantic .github

check-template: ## Look for what is insecure in the template, with Checkov, which asks nobody: see .checkov.yaml
	@$(PYTHON) tools/venv.py .venv-checkov requirements-checkov.txt
	@.venv-checkov/bin/checkov --config-file .checkov.yaml

format: dev ## Put the code in its final form
	$(bin)/ruff check --fix
	$(bin)/ruff format

knowledge: ## Index the documentation, which the analyst searches; sam build packs the index
	@$(PYTHON) -m tools.knowledge

build: ## Build the Lambda artifact into .aws-sam (ARCHITECTURE=x86_64 for the other one)
	@$(PYTHON) -m tools.build $(if $(ARCHITECTURE),--architecture $(ARCHITECTURE))

seed: local ## Put the sample data where the deployed stack looks for it (STACK=x, else samconfig.toml's)
	@$(if $(STACK),STACK='$(STACK)') $(bin)/python -m tools.seed

invoke: local ## Run the deployed pipeline, and be told what to look at (NAME=x names the execution)
	@$(if $(STACK),STACK='$(STACK)') $(bin)/python -m tools.invoke $(if $(NAME),--name '$(NAME)')

logs: local ## Follow what the deployed pipeline logs
	@$(if $(STACK),STACK='$(STACK)') $(bin)/python -m tools.logs

cdk: ## Synthesise the cart reminder's CDK stack from what make build has built: see infra/cdk/README.md
	@$(PYTHON) tools/venv.py .venv-cdk requirements-cdk.txt
	@cd infra/cdk && CDK_OUTDIR=cdk.out ../../.venv-cdk/bin/python cart_reminder.py

sbom: ## Write which packages the artifact holds, with their hashes, as a CycloneDX document: sbom.cdx.json
	@$(PYTHON) tools/venv.py .venv-tools requirements-tools.txt
	@.venv-tools/bin/python -W ignore::UserWarning -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-file $(or $(INTO),sbom.cdx.json)

audit: ## Ask OSV, over the network, whether vulnerabilities are known of any pinned package
	@$(PYTHON) -m tools.audit

compile = $(bin)/uv --quiet --system-certs pip compile --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make requirements' $(if $(UPGRADE),--upgrade)

requirements: dev ## Compile pyproject.toml to hashed pins (UPGRADE=1 moves them forward)
	$(compile) --extra local --extra dev --output-file requirements-dev.txt pyproject.toml
	$(compile) --constraint requirements-dev.txt --extra local --output-file requirements-local.txt pyproject.toml
	$(compile) --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml
	$(compile) --group sam --output-file requirements-sam.txt
	$(compile) --constraint requirements-dev.txt --group bench --output-file requirements-bench.txt
	$(compile) --group cdk --output-file requirements-cdk.txt
	$(compile) --group checkov --output-file requirements-checkov.txt
	$(compile) --group tools --output-file requirements-tools.txt

clean: ## Remove what was built and installed, but no execution and no document
	rm -rf .venv .venv-* .aws-sam

local:
	@$(PYTHON) tools/venv.py --project $(VENV) requirements-local.txt

dev:
	@$(PYTHON) tools/venv.py --project $(VENV) requirements-dev.txt

validator = aws_durable_execution_conformance_tests
conformance: dev # into the same environment, from which the next change of requirements takes it again
	@$(bin)/python -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("$(validator)"))' || \
		$(bin)/python -m pip --quiet --disable-pip-version-check install --no-deps --ignore-requires-python \
		--require-hashes --requirement requirements-conformance.txt
