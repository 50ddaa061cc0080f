# Every target builds what it needs: on a fresh machine `make demo` or `make test` is the first and only command.
# PORT (8000; the sandbox takes the next), ENCORE_HOME (.encore/) and RESET=1 are honoured by `make demo`.
PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
VENV := .venv/bin
export PORT RESET ENCORE_HOME
.DEFAULT_GOAL := help
.PHONY: demo test check bench soak openapi templates messages screenshots lighthouse clean help environment

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: ## everything, running: servers, web, workers, sandbox and a shop with history
	@ENCORE_LAUNCHER_PARENT=make exec $(PYTHON) -m config.launcher demo

environment:
	@$(PYTHON) -m config.launcher environment

test: environment ## every test, the browser's included, on throw-away servers
	@$(VENV)/python -m tests.provision
	@ENCORE_ENVIRONMENT=test $(VENV)/python -m pytest $(TESTS)

check: export ENCORE_ENVIRONMENT = test
check: environment ## format, lint, types, import rules, migration drift, architecture
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@$(VENV)/python -m mypy .
	@$(VENV)/lint-imports
	@$(VENV)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(VENV)/python -m pytest -q tests/architecture

bench: environment ## the figures of docs/benchmarks.md
	@$(VENV)/python -m tests.bench

soak: environment ## the programme engine against its model, 5,000 lives of 100 steps: hours
	@ENCORE_ENVIRONMENT=test ENGINE_EXAMPLES=5000 ENGINE_STEPS=100 $(VENV)/python -m pytest tests/properties/test_engine_machine.py

openapi: export ENCORE_ENVIRONMENT = test
openapi: environment ## docs/api/, from the code: examples as a shop answers them, the document, the collection
	@RECORD_EXAMPLES=1 $(VENV)/python -m pytest -q tests/contract/test_examples.py -k answered
	@$(VENV)/python manage.py spectacular --format openapi-json --validate --fail-on-warn --file docs/api/openapi.json
	@$(VENV)/python manage.py postman_collection --file docs/api/encore.postman_collection.json

templates: export ENCORE_ENVIRONMENT = test
templates: environment ## the Flow templates' files, from their definitions
	@$(VENV)/python manage.py build_flow_templates

messages: export ENCORE_ENVIRONMENT = test
messages: environment ## the translations, brought up to date with the code
	@$(VENV)/python manage.py build_messages

screenshots: environment ## docs/screenshots: every page of a demo, wide and narrow
	@$(VENV)/python -m tests.showing.screenshots

lighthouse: environment ## Lighthouse on every page of a demo: accessibility and best practices, to be 1.0
	@$(VENV)/python -m tests.showing.lighthouse

clean: ## forget environment, caches and demo data
	rm -rf .venv node_modules .encore .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
