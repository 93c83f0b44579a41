# Every task has one name, and CI calls the same names.

.DEFAULT_GOAL := help
.PHONY: help run test coverage check format bench bench-claims soak lock migration docs wheel clean install-run install-dev

PY := .venv/bin/python
# Where this is set, as in many images of Python, every process compiles everything anew, for seconds.
export PYTHONDONTWRITEBYTECODE :=
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(U)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install-run ## install what is needed into .venv, then start the ledger and print its address
	@$(PY) -m ledger up

TEST := $(PY) -m pytest -n auto --maxprocesses 8 --dist worksteal

test: install-dev ## every test, on SQLite and PostgreSQL; T=tests/claims for some of them
	@$(TEST) $(T)

coverage: install-dev ## the same, half as slow again, with the lines that no test reaches
	@$(TEST) --cov --cov-report=term

check: install-dev ## style, types, import rules, templates
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --quiet --lint ledger/ui/templates

format: install-dev ## put the code into house style
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: install-dev ## measure speed against the stated targets; N=1000000 for a ledger of that size
	@$(PY) -m scripts.bench $(if $(N),--claims $(N))
	@$(PY) -m scripts.bench_pages

bench-claims: install-dev ## measure the claim finder on the public benchmarks, into docs/benchmarks.md; D=folder
	@$(PY) -m scripts.bench_claims --out docs/benchmarks.md $(if $(D),--data $(D))

soak: install-dev ## the long tests that `make test` leaves out
	@$(PY) -m pytest -m soak --timeout 1800

lock: install-dev ## bring requirements/ into step with pyproject.toml; U=--upgrade for newer versions
	@$(COMPILE) pyproject.toml --extra test --extra lint -o requirements/dev.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/run.txt
	@$(COMPILE) pyproject.toml --extra s3 -c requirements/dev.txt -o requirements/image.txt
	@echo "hatchling" | $(COMPILE) - -c requirements/dev.txt -o requirements/build.txt

migration: install-dev ## write a migration from the models: make migration M="add a column"
	@$(PY) -m ledger db new "$(or $(M),$(error say what it does: make migration M="add a column"))"

docs: install-dev ## write docs/settings.md anew from the settings
	@$(PY) -m ledger settings --markdown > build.settings.md && mv build.settings.md docs/settings.md || { rm -f build.settings.md; exit 1; }

wheel: install-dev ## build dist/*.whl
	@$(PY) -m hatchling build --target wheel

clean: ## remove what tests and tools leave behind; data/ and .venv stay
	@rm -rf build dist htmlcov .coverage .coverage.* .*_cache .hypothesis .schemathesis tests/artefacts
	@find claims ledger scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

install-run install-dev: install-%:
	@sh scripts/install.sh $*
