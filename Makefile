# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
LOCAL := $(PY) -m partenariat.local
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help run test e2e check fix bench outbox demo shell messages vendor install requirements clean

help: ## List these commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(VENV)/.local ## Install, start everything (PostgreSQL, Valkey, web, worker, beat) and print the address
	@exec $(LOCAL) run

test: $(VENV)/.dev ## Run the tests, one process per core (ARGS="tests/directory -x -n 0" for a part, in one)
	@exec $(LOCAL) exec --test -- $(PY) -m pytest --numprocesses auto --maxprocesses 8 $(ARGS)

e2e: $(VENV)/.dev ## Run the browser tests (needs Chromium; installed on Debian and Ubuntu when root)
	@$(LOCAL) chromium
	@exec $(LOCAL) exec --test -- $(PY) -m pytest --override-ini addopts="-ra -p no:cacheprovider" --allow-hosts=127.0.0.1,localhost --numprocesses auto --maxprocesses 8 tests/e2e $(ARGS)

check: $(VENV)/.dev ## Lint, migrations, deployment settings, translations
	@exec $(LOCAL) exec --test -- $(PY) -m partenariat.local.checks

fix: $(VENV)/.dev ## Format the code and templates
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .
	@$(PY) scripts/french_spaces.py
	@git ls-files -z '*.html' | xargs -0 $(VENV)/bin/djade --target-version 5.2 || true

bench: $(VENV)/.dev ## Measure the speed of the pages at scale (ARGS="--scale 10000")
	@exec $(LOCAL) exec --bench -- $(PY) -m bench $(ARGS)

outbox: $(VENV)/.dev ## Send mails while killing the worker, and count them (ARGS="--mails 2000 --kills 20")
	@exec $(LOCAL) exec --bench -- $(PY) -m bench.outbox $(ARGS)

demo: $(VENV)/.local ## Load the demo data again (ARGS="--scale 100000" fabricates that many actors)
	@exec $(LOCAL) exec -- $(PY) manage.py demo $(ARGS)

shell: $(VENV)/.local ## Open a Django shell
	@exec $(LOCAL) exec -- $(PY) manage.py shell

messages: $(VENV)/.dev ## Collect the texts to translate and compile the catalogues (needs gettext)
	@$(PY) manage.py makemessages --locale en --all --no-location --no-obsolete --ignore '.venv/*' --ignore 'tests/*' --ignore 'var/*' --settings partenariat.settings.build
	@$(PY) manage.py compilemessages --locale en --ignore '.venv' --settings partenariat.settings.build

vendor: ## Fetch the front-end libraries again, at the versions written in scripts/vendor_assets.py
	@$(PYTHON) scripts/vendor_assets.py

install: $(VENV)/.dev ## Make the environment with the development tools

requirements: ## Compile requirements/*.txt from pyproject.toml (needs uv)
	@for set in prod "local" "dev"; do \
	  extras=""; [ $$set = local ] && extras="--extra local"; [ $$set = dev ] && extras="--extra local --extra test --extra check"; \
	  uv pip compile pyproject.toml $$extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements/$$set.txt; \
	done

clean: ## Remove the environment and the local data (database included)
	rm -rf $(VENV) var staticfiles

$(VENV)/bin/python:
	@bash scripts/make_venv.sh $(PYTHON) $(VENV)

$(VENV)/.local: requirements/local.txt | $(VENV)/bin/python
	@echo "→ Installing what the platform needs…"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/local.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	@echo "→ Installing the development tools…"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.local
