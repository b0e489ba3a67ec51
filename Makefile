# Everything a person does with Spinwire from a checkout. The scripts in config find a JDK and Maven by themselves.

SHELL := /bin/sh
JAR := daemon/target/spinwire.jar
BENCH_JAR := bench/target/bench.jar
# JMH itself takes offsets of its fields, which is no news to whoever measures.
BENCH_FLAGS := --sun-misc-unsafe-memory-access=allow
TEST_CLASSPATH := core/target/test.classpath
SCRIPT_CLASSPATH := nic-afxdp/target/test.classpath
POMS := pom.xml core/pom.xml nic-afxdp/pom.xml daemon/pom.xml bench/pom.xml

# Folders are listed as well: theirs is the time that changes when a file is removed.
JAR_SOURCES := $(shell find core/src/main nic-afxdp/src/main daemon/src/main 2>/dev/null)
BENCH_SOURCES := $(JAR_SOURCES) $(shell find bench/src/main 2>/dev/null)
CORE_SOURCES := $(shell find core/src 2>/dev/null)
DRIVER_SOURCES := $(shell find core/src/*/java nic-afxdp/src 2>/dev/null)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check build clean sim behaviour scripts soak jcstress format bench bench-quick

help: ## List the targets
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-12s %s\n", $$1, $$2}'

run: $(JAR) ## Show it working: real kernel clients against Spinwire on AF_XDP (as root), else engines in memory
	@config/java -jar $(JAR) demo

test: check ## Run check, then all tests; as root also those of the driver and against the kernel
	@config/test

check: ## Compile with all lints, check format, style and layering
	@echo 'Checking: compiler lints, format, style, layering'
	@config/mvn -q spotless:check checkstyle:check test -Dtest=ArchitectureTest -Dsurefire.failIfNoSpecifiedTests=false || \
	    { echo 'check: FAILED (where it is only the layout: make format)'; exit 1; }
	@echo 'check: passed'

build: $(JAR) ## Build the runnable jar, daemon/target/spinwire.jar

clean: ## Remove what was built
	@rm -rf target core/target nic-afxdp/target daemon/target bench/target

sim: $(TEST_CLASSPATH) ## Simulate in virtual time: SEED=n replays one, SEEDS=n or MINUTES=n (THREADS=n, FROM=seed, RECORD=file)
	@config/java -Xmx1g -cp core/target/test-classes:core/target/classes:$$(cat $(TEST_CLASSPATH)) io.spinwire.sim.SimMain \
	    $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(MINUTES),--minutes $(MINUTES)) \
	    $(if $(THREADS),--threads $(THREADS)) $(if $(FROM),--from $(FROM)) \
	    $(if $(RECORD),--record $(RECORD) --commit $$(git rev-parse --short HEAD)) $(ARGS)

behaviour: $(TEST_CLASSPATH) ## Compare goodput over paths of all kinds with the table that is kept: ARGS=--write rewrites it
	@config/java -ea -cp core/target/test-classes:core/target/classes:$$(cat $(TEST_CLASSPATH)) \
	    io.spinwire.tcp.BehaviourMain $(ARGS)

scripts: $(SCRIPT_CLASSPATH) ## Play the segment scripts on engine and kernel: ARGS='name' for some, --engine, --kernel, --show
	@config/java -cp nic-afxdp/target/test-classes:nic-afxdp/target/classes:core/target/classes:$$(cat $(SCRIPT_CLASSPATH)) \
	    io.spinwire.nic.afxdp.ScriptMain $(ARGS)

soak: check ## Run the tests that take long
	@config/soak

jcstress: $(TEST_CLASSPATH) ## Stress the cross-thread queues: ARGS='-m tough' takes jcstress's own arguments
	@config/jcstress $(or $(ARGS),-m default)

format: ## Format the sources
	@config/mvn -q spotless:apply

bench: $(BENCH_JAR) ## Measure everything, against the kernel as well (as root), and record it in perf-results: half an hour
	@config/java $(BENCH_FLAGS) -jar $(BENCH_JAR) record $(ARGS)

bench-quick: $(BENCH_JAR) ## The same with few and short rounds: three minutes
	@config/java $(BENCH_FLAGS) -jar $(BENCH_JAR) record --quick $(ARGS)

$(JAR): $(JAR_SOURCES) $(POMS)
	@echo 'Building $@ (the first time Maven fetches its plugins, for a minute or so)'
	@config/mvn -q -pl daemon -am package -Dmaven.test.skip=true
	@touch $@

$(BENCH_JAR): $(BENCH_SOURCES) $(POMS)
	@echo 'Building $@'
	@config/mvn -q package -Dmaven.test.skip=true
	@touch $@

$(TEST_CLASSPATH): $(CORE_SOURCES) $(POMS)
	@echo 'Compiling the tests of core'
	@config/mvn -q -pl core test-compile dependency:build-classpath
	@touch $@

$(SCRIPT_CLASSPATH): $(DRIVER_SOURCES) $(POMS)
	@echo 'Compiling the tests of the driver'
	@config/mvn -q -pl core,nic-afxdp test-compile dependency:build-classpath -DincludeScope=test
	@touch $@
