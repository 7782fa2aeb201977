# What people run. The work is in Python; this file only finds an environment for it.

PYTHON ?= python3
CASES ?= 2000
VENV := .venv
RUN := $(VENV)/bin/python
# pip does so with all that it installs but this, which stays where it is: Terraform starts the provider several times a command.
COMPILE := $(RUN) -m compileall -q provider/veil
ENGINE := .quickstart/engine

.DEFAULT_GOAL := help
.PHONY: help quickstart test check format docs conformance clients bench bench-plot drift-matrix fuzz fuzz-selftest dist clean terraform

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

quickstart: terraform $(VENV)/.quickstart ## protect a sample warehouse with real Terraform, on this machine
	@$(VENV)/bin/veil quickstart

test: check ## lint, check types and run the whole test suite
	$(RUN) -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev ## lint and check types only
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy -p veil -p tools

format: $(VENV)/.dev ## put all code into the project's format
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

docs: $(VENV)/.dev ## write docs/ from the models and examples/, and record the schema
	$(RUN) -m tools.docs

conformance: $(VENV)/.dev ## hold the plugin against the wire protocol
	$(RUN) -m pytest tests/conformance

clients: $(VENV)/.dev ## run clients of Redshift on the engine: make clients ARGS='dbt --checkout REPOSITORY=FOLDER'
	$(RUN) -m tests.clients $(ARGS)

bench: terraform $(VENV)/.dev ## measure speed beside what does the same work: make bench BIG=1
	$(RUN) -m tests.benchmarks.bench $(if $(BIG),--big) $(ARGS)

bench-plot: $(VENV)/.bench ## draw build/bench.json into docs/images/, and write the guide on performance
	$(RUN) -m tests.benchmarks.bench.plotting

drift-matrix: terraform $(VENV)/.dev ## alter a warehouse by hand in every way, and see each found and repaired
	$(RUN) -m tests.acceptance.drift_matrix $(ONLY)

fuzz: $(VENV)/.dev ## compare views with the interpreter: make fuzz CASES=20000
	$(RUN) -m tests.fuzz.run --cases $(CASES)

fuzz-selftest: $(VENV)/.dev ## plant errors in the compiler, and see each found
	$(RUN) -m tests.fuzz.selftest

dist: $(VENV)/.dev ## make what people download for this platform: make dist SIGN=key
	$(RUN) -m tools.dist --out dist $(if $(GATHER),--gather) $(if $(SIGN),--sign $(SIGN))

clean: ## stop the quickstart's engine and remove everything that was made
	@if [ -d $(ENGINE) ] && [ -x $(VENV)/bin/veil ]; then VEIL_LOCAL_DIR="$(CURDIR)/$(ENGINE)" $(VENV)/bin/veil local down; fi
	rm -rf .quickstart $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis provider/*.egg-info
	rm -rf examples/quickstart/.terraform examples/quickstart/.terraform.lock.hcl examples/quickstart/terraform.tfstate*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

terraform:
	@command -v terraform >/dev/null || command -v tofu >/dev/null || { \
	  echo "Neither terraform nor tofu is on the PATH."; \
	  echo "Terraform: https://developer.hashicorp.com/terraform/install"; \
	  echo "OpenTofu:  https://opentofu.org/docs/intro/install"; exit 1; }

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "veil needs Python 3.11 or later; say which: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.quickstart: pyproject.toml | $(VENV)/.python
	@echo "Installing veil and what it needs into $(VENV) ..."
	@$(VENV)/bin/pip install -qq --disable-pip-version-check -e '.[local]'
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/.python
	@echo "Installing veil and what its development needs into $(VENV) ..."
	@$(VENV)/bin/pip install -qq --disable-pip-version-check -e '.[dev]'
	@$(COMPILE)
	@touch $@ $(VENV)/.quickstart

$(VENV)/.bench: $(VENV)/.dev
	@echo "Installing what draws into $(VENV) ..."
	@$(VENV)/bin/pip install -qq --disable-pip-version-check -e '.[bench]'
	@touch $@
