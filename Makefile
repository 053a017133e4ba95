# Every target sets itself up in a venv with plain pip; nothing else is needed than Python 3.11 or 3.12 and make.
# run each candidate: a version manager may have a shim for a version that is not enabled
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && { command -v $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1

.PHONY: demo test test-full check bench clean setup

$(BIN)/.base: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "glotmix needs Python 3.11 or 3.12; try: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(BIN)/.dev: $(BIN)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,eval,dev]'
	touch $@

setup: $(BIN)/.dev

$(BIN)/.train: $(BIN)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train]'
	touch $@

# the whole loop on the embedded sample: sources to shards, tiny models, laws, proportions, confirmation
demo: $(BIN)/.train
	$(BIN)/glotmix run examples/demo.yaml --force --until mix
	$(BIN)/glotmix mix verify demo-out/mix/default
	$(BIN)/glotmix trace demo-out/mix/default/00000.ds 0
	$(BIN)/glotmix run examples/demo.yaml --force

test: $(BIN)/.dev
	$(BIN)/python -m pytest -n 2 -m 'not full and not gpu'

test-full: $(BIN)/.dev
	$(BIN)/python -m pytest -n 2 -m 'not gpu' --timeout 3000

check: $(BIN)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# CORPUS: a folder of source trees, for example one made of downloaded packages
bench: $(BIN)/.dev
	$(BIN)/python benchmarks/pipeline.py $(if $(CORPUS),--corpus $(CORPUS))

clean:
	rm -rf $(VENV) demo-out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
