# Every target sets itself up: a virtual environment in .venv, installed again only when
# pyproject.toml or constraints.txt changed. Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOMS := export ingest samples score templates validate
# Arguments for a target's command, e.g. make demo ARGS="--out /tmp/demo", make test ARGS="-k ingest"
ARGS ?=

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo desk test test-deep check docs bench audit offline-kit clean

help:
	@echo "make demo   在样例数据上完整演示一遍"
	@echo "make desk   在浏览器里打开演示的一轮"
	@echo "make test   运行测试（两个处理器约五分钟；费时的只抽一部分，抽哪些由打印出的 TEST_SEED 决定）"
	@echo "make test-deep  运行全部测试"
	@echo "make check  检查代码风格、类型与依赖方向"
	@echo "make bench  生成一批工作簿，量出各步用时的比值（写入 bench/RESULTS.md）"
	@echo "make audit  查询所用版本有无已公布的漏洞（需要网络）"
	@echo "make offline-kit  做不联网安装用的压缩包（Windows、Linux），放在 dist/（做的时候需要网络）"
	@echo "make docs   由定义文件重新生成 docs/ 里的规则表和指标表"
	@echo "make clean  删除虚拟环境与缓存"

demo: $(VENV)/.installed
	$(BIN)/gouji demo $(ARGS)

# The round of the demonstration; another one: make desk ROUND=2021年度绩效自评
ROUND ?= 演示
desk: $(VENV)/.installed
	@test "$(ROUND)" != 演示 -o -f 演示/勾稽.toml || $(BIN)/gouji demo
	$(BIN)/gouji desk "$(ROUND)" $(ARGS)

# Tests start many processes: without their bytecode each would translate all modules again.
test test-deep: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not deep" $(ARGS)

# WHICH: deep for the rest of what `make test` has run under the same TEST_SEED.
WHICH ?=
test-deep: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal -m "$(WHICH)" $(ARGS)

check: $(VENV)/.installed-dev $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	cd $(VENV)/installed && ../bin/lint-imports --no-cache --no-logo --config ../../pyproject.toml

# The packages as they are installed: the rooms inside gouji. Tools that follow no import hook look here.
.PHONY: $(VENV)/installed
$(VENV)/installed: $(VENV)/pyvenv.cfg
	rm -rf $@ && mkdir -p $@/gouji
	ln -s $(CURDIR)/gouji/* $(foreach room,$(ROOMS),$(CURDIR)/$(room)) $@/gouji/

docs: $(VENV)/.installed
	$(BIN)/python -m gouji.handbook

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench.measure $(ARGS)

# In an environment of its own. pip-audit passes when it looked at nothing, so its report is held against what is pinned.
audit: $(VENV)/pyvenv.cfg
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	rm -f $(VENV)/audit/report.json
	$(VENV)/audit/bin/pip-audit --no-deps --disable-pip -r constraints.txt -f json -o $(VENV)/audit/report.json; \
	  found=$$?; $(PYTHON) -m tests.audited $(VENV)/audit/report.json constraints.txt && exit $$found

# For one kind of machine, another Python: make offline-kit ARGS="--target Windows-x64 --python 3.12"
offline-kit: $(VENV)/.installed-dev
	$(BIN)/python -m gouji.offline_kit $(ARGS)

clean:
	rm -rf $(VENV) 演示 build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis gouji.egg-info
	find . -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +

$(VENV)/.installed: $(VENV)/pyvenv.cfg pyproject.toml setup.py constraints.txt
	$(PIP_INSTALL) -e ".[desk]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/pyvenv.cfg pyproject.toml setup.py constraints.txt
	$(PIP_INSTALL) -e ".[dev]"
	@touch $(VENV)/.installed $@

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "找不到 $(PYTHON)。请先安装 Python 3.11 或更高版本，或用 make PYTHON=解释器路径 指定。" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gouji 需要 Python 3.11 或更高版本，而 $(PYTHON) 是 $$($(PYTHON) -V 2>&1)。可用 make PYTHON=解释器路径 另行指定。" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) 缺少 venv 模块。Debian、Ubuntu 上请先安装 python3-venv。" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
