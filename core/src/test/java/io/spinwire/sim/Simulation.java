package io.spinwire.sim;

import io.spinwire.Engine;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.TcpConfig;
import io.spinwire.nic.FaultCounts;
import io.spinwire.nic.FaultNic;
import io.spinwire.nic.Nic;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.CachedNanoClock;

/**
 * One run: two to eight engines, their applications and the network between them, on this thread and in virtual time,
 * which jumps to the next deadline when nothing is left to do. Everything follows from the seed.
 */
final class Simulation implements Session.World {
    private static final int BBR_MIN_CWND = 4;
    private static final long START_NS = 1_000_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long LONGEST_NS = 4 * 3600 * SECOND; // of virtual time: both ends must be done by then
    private static final int IDLE_LIMIT = 50; // turns in which nothing happens at one moment
    private static final int TURN_LIMIT = 10_000_000; // a poller that is told of an end in each turn takes millions
    private static final List<Counter> GAUGES = List.of(
            Counter.EngineSocketsInUse,
            Counter.EngineSlabBytesInUse,
            Counter.EngineTimersInUse,
            Counter.EngineRequestsInUse,
            Counter.EngineTimeWaitInUse,
            Counter.TcpHandlerErrors);

    private final long seed;
    private final Sabotage sabotage;
    private final Consumer<String> trace;
    private final CachedNanoClock clock = new CachedNanoClock();
    private final Weather weather;
    private final SimSwitch cable;
    private final Host[] hosts;
    private final Conversation[] conversations;
    private final boolean isSomebodyShortOfMemory;
    private final long turnNs;
    private String failure;
    private Throwable cause;

    /** What a run comes to: for comparing runs. */
    record Outcome(long digest, long frames, long virtualNs) {}

    /**
     * A run that is ready to begin.
     *
     * @param fastPath null to let the seed decide
     * @param trace takes a line for every frame, or null
     */
    Simulation(long seed, Boolean fastPath, Consumer<String> trace) {
        this(seed, fastPath, Weather::new, trace);
    }

    /** The same in a weather of its own. */
    Simulation(long seed, Boolean fastPath, BiFunction<SimRandom, Integer, Weather> climate, Consumer<String> trace) {
        this(seed, fastPath, climate, Sabotage.NONE, trace);
    }

    /** What is done to a run on purpose, to see that it is found out. */
    record Sabotage(UnaryOperator<Nic> cable, boolean isForgettingTimers) {
        static final Sabotage NONE = new Sabotage(nic -> nic, false);
    }

    /** The same, sabotaged. */
    Simulation(
            long seed,
            Boolean fastPath,
            BiFunction<SimRandom, Integer, Weather> climate,
            Sabotage sabotage,
            Consumer<String> trace) {
        this.seed = seed;
        this.sabotage = sabotage;
        this.trace = trace;
        final SimRandom random = new SimRandom(seed);
        final int count = random.chance(0.75) ? 2 : random.between(3, 8);
        weather = climate.apply(random.fork(1), count);
        clock.update(START_NS);
        final int mtu = random.pick(1500, 1500, 1500, 576, 1280, 3500, 9000);
        cable = new SimSwitch(count, mtu, random.pick(256, 256, 16, 64));
        turnNs = random.pick(100, 1_000, 10_000); // longer than a tick of the sequence number clock
        final Setting.Lan lan = new Setting.Lan(clock, count, mtu, weather.isCorrupting || random.chance(0.3));
        final Setting[] settings = new Setting[count];
        final Host.Fate[] fates = new Host.Fate[count];
        for (int i = 0; i < count; i++) {
            settings[i] = new Setting(random.fork(10 + i), lan, fastPath);
            fates[i] = Host.Fate.draw(random.fork(20 + i), START_NS);
        }
        isSomebodyShortOfMemory = Arrays.stream(settings).anyMatch(setting -> setting.isShortOfMemory);
        final List<Plan> plans = plans(
                random.fork(5),
                new Plan.Hosts(count, i -> isRude(settings[i], fates[i]), weather.isNarrow(), weather.isCalm));
        hosts = new Host[count];
        for (int i = 0; i < count; i++) {
            final FaultNic fault =
                    new FaultNic(port(i), clock, random.nextLong(), weather.receiving(i), weather.sending(i));
            final Setting setting = settings[i];
            hosts[i] = new Host(i, setting, fault, nic -> wire(nic, setting, plans), fates[i], random.fork(40 + i));
        }
        conversations = plans.stream()
                .map(plan -> new Conversation(
                        plan, hosts[plan.clientHost], hosts[plan.serverHost], this, random.fork(100 + plan.number)))
                .toArray(Conversation[]::new);
    }

    private Nic port(int host) {
        return sabotage.cable.apply(cable.port(host));
    }

    /** Connections may come to nothing; also where long datagrams go unfragmented and nobody listens to routers. */
    private boolean isRude(Setting setting, Host.Fate fate) {
        return setting.isRude
                || !fate.isQuiet()
                || weather.isNarrow() && !setting.tcp().pathMtuDiscovery();
    }

    private List<Plan> plans(SimRandom random, Plan.Hosts among) {
        final int count = random.pick(1, 1, 1, 2, 3, 5, 10, 20);
        final long most = weather.isRough ? 300_000 : 2_000_000;
        final long total = random.chance(0.5) ? random.spread(10, most) : random.between(most / 50, most);
        final long largest = Math.max(total / count, 10);
        final List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            plans.add(new Plan(random.fork(i), i, largest, among));
        }
        return plans;
    }

    private WireNic wire(FaultNic nic, Setting setting, List<Plan> plans) {
        final WireNic.Flows flows = (local, remote) -> {
            for (final Plan plan : plans) {
                if (local == plan.serverPort || remote == plan.serverPort) {
                    return known(plan.contentOf(local), setting);
                }
            }
            return known(null, setting);
        };
        return new WireNic(nic, clock, flows, new WireNic.Listeners(this::fail, trace));
    }

    private WireFlow.Known known(Content content, Setting setting) {
        return new WireFlow.Known(
                content,
                initialWindow(setting.tcp()),
                setting.tcp().maxRtoNs(),
                TcpConfig.CONGESTION_CONTROLS.contains("dctcp"),
                isSomebodyShortOfMemory,
                weather.isNarrow(),
                setting.isDroppingBeforeNic(),
                setting.isTakingCookies(),
                setting.isQueueing());
    }

    /**
     * Where a server that probes finds that less passes than it sends, its window grows as its segments shrink; and
     * BBR's least window may be more than the first.
     */
    private static int initialWindow(TcpConfig tcp) {
        return tcp.mtuProbing() == MtuProbing.ALWAYS
                ? Integer.MAX_VALUE / 2
                : Math.max(tcp.initialWindow(), BBR_MIN_CWND);
    }

    // ---- The run ----

    /**
     * Runs to the end.
     *
     * @throws SimulationFailure when a rule was broken
     */
    Outcome run() {
        try {
            for (final Conversation conversation : conversations) {
                conversation.listen();
            }
            loop();
            check();
        } catch (final SimulationFailure known) {
            throw known;
        } catch (final Throwable thrown) {
            throw new SimulationFailure(describe(thrown.toString()), thrown);
        }
        long digest = 0;
        long frames = 0;
        for (final Host host : hosts) {
            digest = Long.rotateLeft(digest, 1) ^ host.digest();
            frames += host.sentFrames();
        }
        return new Outcome(digest, frames, clock.nanoTime() - START_NS);
    }

    private void loop() {
        int idle = 0;
        for (int turn = 0; turn < TURN_LIMIT; turn++) {
            final int work = turn();
            throwIfFailed();
            if (work > 0) {
                idle = 0;
                clock.update(clock.nanoTime() + turnNs);
                continue;
            }
            final long nextNs = nextDeadlineNs();
            if (nextNs == Long.MAX_VALUE) {
                if (Arrays.stream(conversations).allMatch(Conversation::isOver)) {
                    return;
                }
                fail("nothing will ever happen again, but not all is done");
            } else if (nextNs > clock.nanoTime()) {
                idle = 0;
                clock.update(nextNs);
            } else if (++idle > IDLE_LIMIT) {
                fail("turns without work do not end: the deadline stays at " + nextNs);
            }
            if (clock.nanoTime() > START_NS + LONGEST_NS) {
                fail("not done in time");
            }
            throwIfFailed();
        }
        fail("not done after " + TURN_LIMIT + " turns");
        throwIfFailed();
    }

    private int turn() {
        final long nowNs = clock.nanoTime();
        int work = 0;
        for (final Host host : hosts) {
            if (host.isDying(nowNs)) {
                host.die();
                for (final Conversation conversation : conversations) {
                    conversation.onDeath(host);
                }
            } else if (host.isReturning(nowNs)) {
                host.comeBack();
                for (final Conversation conversation : conversations) {
                    conversation.onReturn(host);
                }
            }
            work += host.turn(nowNs);
        }
        for (final Conversation conversation : conversations) {
            work += conversation.run(nowNs);
        }
        return work;
    }

    private long nextDeadlineNs() {
        final long nowNs = clock.nanoTime();
        long nextNs = Long.MAX_VALUE;
        for (final Host host : hosts) {
            final long hostNs = host.nextDeadlineNs(nowNs);
            nextNs = sabotage.isForgettingTimers && hostNs > nowNs ? nextNs : Math.min(nextNs, hostNs);
        }
        for (final Conversation conversation : conversations) {
            nextNs = Math.min(nextNs, conversation.nextDeadlineNs());
        }
        return nextNs;
    }

    // ---- The end ----

    private void check() {
        for (final Conversation conversation : conversations) {
            conversation.check();
        }
        checkFrames();
        for (final Host host : hosts) {
            final Engine engine = host.engine();
            engine.publishGauges();
            for (final Counter gauge : GAUGES) {
                final long value = engine.counters().get(gauge);
                if (value != 0) {
                    fail(gauge + " is " + value + " at the end in " + host.name());
                }
            }
            if (host.isShutDown() && !engine.isDrained()) {
                fail(host.name() + " is not drained after its shutdown");
            }
        }
        checkCalm();
        throwIfFailed();
    }

    /** Where nothing gets lost, nothing is sent twice. */
    private void checkCalm() {
        final boolean isFreshPort = Arrays.stream(conversations).allMatch(c -> c.plan().clientPort == 0);
        final boolean isPrompt = Arrays.stream(hosts)
                .allMatch(host ->
                        host.setting().isPrompt && !host.isRude() && host.fate().stallChance() == 0);
        if (!weather.isCalm || !isFreshPort || !isPrompt) {
            return;
        }
        for (final Host host : hosts) {
            final long count = host.engine().counters().get(Counter.TcpRetransSegs);
            if (count > 0) {
                fail("retransmitted although nothing was lost: " + count + " in " + host.name());
            }
        }
    }

    /** No frame vanishes without a trace, at any place between two engines. */
    private void checkFrames() {
        long entered = cable.copies() - cable.undeliverable() - cable.queued();
        for (final Host host : hosts) {
            final FaultCounts out = host.fault().sent();
            final FaultCounts in = host.fault().received();
            if (!out.isConserved() || !in.isConserved() || out.queued() + in.queued() != 0) {
                fail(host.name() + ": frames not accounted for: " + out + "; " + in);
            }
            if (host.sentFrames() != out.offered() || host.receivedFrames() != in.delivered()) {
                fail(host.name() + ": frames lost at its NIC: sent " + host.sentFrames() + "; " + out + "; received "
                        + host.receivedFrames() + "; " + in);
            }
            entered += out.delivered() - in.offered();
        }
        if (entered != 0) {
            fail("frames lost between NICs: " + entered);
        }
    }

    // ---- World ----

    @Override
    public long nowNs() {
        return clock.nanoTime();
    }

    @Override
    public void fail(String what) {
        if (failure == null) {
            failure = what;
            cause = new SimulationFailure(what);
        }
    }

    @Override
    public void fail(Throwable what) {
        if (failure == null) {
            failure = what.toString();
            cause = what;
        }
    }

    private void throwIfFailed() {
        if (failure != null) {
            throw new SimulationFailure(describe(failure), cause);
        }
    }

    private String describe(String what) {
        final StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(" after ").append((clock.nanoTime() - START_NS) / 1e9);
        text.append(" s: ").append(what);
        text.append("\n  network: ").append(weather);
        for (final Host host : hosts) {
            text.append("\n  ").append(host);
        }
        for (final Conversation conversation : conversations) {
            if (!conversation.isOver()
                    || what.contains(" " + conversation.plan().number + ".")
                    || what.contains(":" + conversation.plan().serverPort)
                    || what.startsWith("conversation " + conversation.plan().number + " ")) {
                text.append("\n  ").append(conversation.plan()).append("\n    ").append(conversation);
            }
        }
        if (trace != null) {
            addCounters(text);
        }
        return text.append("\n  again: make sim SEED=").append(seed).toString();
    }

    private void addCounters(StringBuilder text) {
        for (final Host host : hosts) {
            text.append("\n  counted in ").append(host.name()).append(':');
            for (final Counter counter : host.engine() == null ? new Counter[0] : Counter.values()) {
                final long count = host.engine().counters().get(counter);
                text.append(count == 0 ? "" : " " + counter + " " + count);
            }
        }
    }
}
