# TinySDK: the commands of daily work. `make demo` and `make test` are all that a new machine needs.

SHELL := /bin/bash
PREFIX ?= /usr/local
BUILD := .build/release
TINYSDK := $(BUILD)/tinysdk

# What the tool, its tests and the device toolchains need beside Swift itself, as Debian packages.
PACKAGES := qemu-system-arm gcc-arm-none-eabi libnewlib-arm-none-eabi \
  libffi-dev libssl-dev zlib1g-dev libjpeg62-turbo-dev libpng-dev pkg-config clang-format

# What only the tests need: a cluster of this machine alone, and the model of a core's cycles.
TEST_PACKAGES := slurm-wlm munge llvm-19

.PHONY: help build demo test benchmarks lint format install uninstall clean packages

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

packages: ## Install the Debian packages that are missing
	@missing=$$(for p in $(PACKAGES) $(MORE_PACKAGES); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing" $$missing; \
	  if [ "$$(id -u)" = 0 ]; then run=; elif command -v sudo >/dev/null; then run=sudo; else \
	    echo "error: missing packages; as root run: apt-get install -y" $$missing >&2; exit 1; fi; \
	  $$run apt-get update -qq && $$run env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
	@command -v swift >/dev/null || { echo "error: Swift 6.1 or later is not installed; see https://www.swift.org/install" >&2; exit 1; }

build: packages ## Build the tool: .build/release/tinysdk
	swift build -c release --product tinysdk

demo: build ## Train real digits on the emulated Cortex-M7
	$(TINYSDK) train --project Examples/digits --board qemu-cortex-m7

test: MORE_PACKAGES = $(TEST_PACKAGES)
test: packages ## Run every test, and check the formatting
	swift build -c release --build-tests
	swift test -c release --skip-build
	$(MAKE) --no-print-directory lint

benchmarks: build ## Measure kernels and networks, and write Benchmarks/RESULTS.md
	$(TINYSDK) bench --results Benchmarks/RESULTS.md --cycles

SWIFT_FILES = $(shell git ls-files '*.swift' | grep -v '/Generated/')
C_FILES = $(shell git ls-files '*.c' '*.h')

lint: ## Check formatting
	@echo checking the formatting
	@swift format lint --strict --parallel $(SWIFT_FILES)
	@clang-format --dry-run --Werror $(C_FILES)

format: ## Format every source file
	@swift format --in-place --parallel $(SWIFT_FILES)
	@clang-format -i $(C_FILES)

install: build ## Install the tool and its data below PREFIX
	install -D -m 755 $(TINYSDK) $(DESTDIR)$(PREFIX)/bin/tinysdk
	mkdir -p $(DESTDIR)$(PREFIX)/share/tinysdk
	cp -R BSP Plugins Toolchains Examples Sources/Kernels Sources/Runtime $(DESTDIR)$(PREFIX)/share/tinysdk/
	rm -rf $(DESTDIR)$(PREFIX)/share/tinysdk/Examples/*/build
	install -D -m 644 Benchmarks/benchmarks.yml $(DESTDIR)$(PREFIX)/share/tinysdk/Benchmarks/benchmarks.yml
	install -D -m 644 Benchmarks/kernels/App/main.c $(DESTDIR)$(PREFIX)/share/tinysdk/Benchmarks/kernels/App/main.c

uninstall: ## Remove what install put below PREFIX
	rm -rf $(DESTDIR)$(PREFIX)/bin/tinysdk $(DESTDIR)$(PREFIX)/share/tinysdk

clean: ## Remove everything that was built
	rm -rf .build build Examples/*/build Benchmarks/*/build
