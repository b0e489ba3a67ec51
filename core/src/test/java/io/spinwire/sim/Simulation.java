package io.spinwire.sim;

import io.spinwire.Engine;
import io.spinwire.nic.FaultNic;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.CachedNanoClock;

/**
 * One run: two engines, their applications and the network between them, on this thread and in virtual time, which
 * jumps to the next deadline when nothing is left to do. Everything follows from the seed.
 */
final class Simulation implements Session.World {
    private static final long START_NS = 1_000_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long LONGEST_NS = 7200 * SECOND; // of virtual time: both ends must be done by then
    private static final int IDLE_LIMIT = 50; // turns in which nothing happens at one moment
    private static final int TURN_LIMIT = 20_000_000;
    private static final String ADDRESS_A = "10.0.0.1";
    private static final String ADDRESS_B = "10.0.0.2";

    private final long seed;
    private final Consumer<String> trace;
    private final CachedNanoClock clock = new CachedNanoClock();
    private final Weather weather;
    private final Setting settingA;
    private final Setting settingB;
    private final Pipe pipe;
    private final FaultNic faultA;
    private final FaultNic faultB;
    private final WireNic wireA;
    private final WireNic wireB;
    private final Engine a;
    private final Engine b;
    private final Conversation.Place placeA;
    private final Conversation.Place placeB;
    private final List<Conversation> conversations = new ArrayList<>();
    private final Shutdown shutdown; // or null
    private boolean isShutDown;
    private final long turnNs;
    private final SimRandom stalls;
    private final double stallChance;
    private long stalledUntilA;
    private long stalledUntilB;
    private String failure;
    private Throwable cause;

    /** An engine that is shut down in order in the middle of the run. */
    private record Shutdown(boolean isOfA, long atNs) {}

    /** What a run comes to: for comparing runs. */
    record Outcome(long digest, long frames, long virtualNs) {}

    /**
     * A run that is ready to begin.
     *
     * @param fastPath null to let the seed decide
     * @param trace takes a line for every frame, or null
     */
    Simulation(long seed, Boolean fastPath, Consumer<String> trace) {
        this(seed, fastPath, new Weather(new SimRandom(seed).fork(1)), trace);
    }

    /** The same in a weather of its own. */
    Simulation(long seed, Boolean fastPath, Weather weather, Consumer<String> trace) {
        this.seed = seed;
        this.weather = weather;
        this.trace = trace;
        final SimRandom random = new SimRandom(seed);
        clock.update(START_NS);
        final int mtu = random.pick(1500, 1500, 1500, 576, 1280, 3500, 9000);
        settingA = new Setting(random.fork(2), mtu, fastPath);
        settingB = new Setting(random.fork(3), mtu, fastPath);
        pipe = new Pipe(mtu, random.pick(256, 256, 16, 64));
        faultA = new FaultNic(pipe.a(), clock, random.nextLong(), weather.intoA, weather.aToB);
        faultB = new FaultNic(pipe.b(), clock, random.nextLong(), weather.intoB, weather.bToA);
        turnNs = random.pick(100, 1_000, 10_000); // longer than a tick of the sequence number clock
        stalls = random.fork(4);
        stallChance = random.chance(0.1) ? 0.001 : 0;
        shutdown = shutdown(random.fork(6));
        final List<Plan> plans = plans(random.fork(5));
        wireA = wire(faultA, plans);
        wireB = wire(faultB, plans);
        final boolean isStatic = weather.isCorrupting || random.chance(0.3);
        a = engine(settingA, wireA, ADDRESS_A, ADDRESS_B, isStatic);
        b = engine(settingB, wireB, ADDRESS_B, ADDRESS_A, isStatic);
        placeA = new Conversation.Place(a, inet(ADDRESS_A), a.newPoller());
        placeB = new Conversation.Place(b, inet(ADDRESS_B), b.newPoller());
        plans.forEach(plan -> conversations.add(conversation(plan, random.fork(100 + plan.number))));
    }

    private List<Plan> plans(SimRandom random) {
        final int count = random.pick(1, 1, 1, 2, 3, 5, 10, 20);
        final long most = weather.isRough ? 300_000 : 2_000_000;
        final long total = random.chance(0.5) ? random.spread(10, most) : random.between(most / 50, most);
        final long largest = Math.max(total / count, 10);
        final List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            plans.add(new Plan(random.fork(i), i, largest, settingA.isRude || settingB.isRude || shutdown != null));
        }
        return plans;
    }

    private static Shutdown shutdown(SimRandom random) {
        return random.chance(0.04) ? new Shutdown(random.chance(0.5), START_NS + random.spread(0, SECOND)) : null;
    }

    private boolean isShortOfMemory() {
        return settingA.isShortOfMemory || settingB.isShortOfMemory;
    }

    private WireNic wire(Nic nic, List<Plan> plans) {
        final WireNic.Contents contents = (local, remote) -> {
            for (final Plan plan : plans) {
                if (local == plan.serverPort || remote == plan.serverPort) {
                    return plan.contentOf(local);
                }
            }
            return null;
        };
        return new WireNic(nic, clock, contents, isShortOfMemory(), new WireNic.Listeners(this::fail, trace));
    }

    private Engine engine(Setting setting, Nic nic, String own, String peer, boolean isStatic) {
        final String address = own + "/24";
        return Engine.create(
                isStatic
                        ? setting.engine(address, clock, peer, peer.equals(ADDRESS_A))
                        : setting.engine(address, clock),
                nic);
    }

    private Conversation conversation(Plan plan, SimRandom random) {
        return switch (plan.way) {
            case A_TO_B, BOTH_AT_ONCE -> new Conversation(plan, placeA, placeB, this, random);
            case B_TO_A -> new Conversation(plan, placeB, placeA, this, random);
            case A_TO_A -> new Conversation(plan, placeA, placeA, this, random);
        };
    }

    private static InetAddress inet(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (final UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // ---- The run ----

    /**
     * Runs to the end.
     *
     * @throws SimulationFailure when a rule was broken
     */
    Outcome run() {
        try {
            conversations.forEach(Conversation::listen);
            loop();
            check();
        } catch (final SimulationFailure known) {
            throw known;
        } catch (final Throwable thrown) {
            throw new SimulationFailure(describe(thrown.toString()), thrown);
        } finally {
            pipe.close();
        }
        return new Outcome(
                wireA.digest() ^ Long.rotateLeft(wireB.digest(), 1),
                wireA.sentFrames() + wireB.sentFrames(),
                clock.nanoTime() - START_NS);
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
                if (conversations.stream().allMatch(Conversation::isOver)) {
                    return;
                }
                fail("nothing will ever happen again, but not all is done");
            } else if (nextNs > clock.nanoTime()) {
                idle = 0;
                clock.update(nextNs);
            } else if (++idle > IDLE_LIMIT) {
                fail("turns without work do not end: the deadline stays at " + nextNs + ", a " + a.nextDeadlineNs()
                        + ", b " + b.nextDeadlineNs());
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
        if (shutdown != null && !isShutDown && nowNs >= shutdown.atNs) {
            isShutDown = true;
            (shutdown.isOfA ? a : b).beginShutdown();
            work++;
        }
        if (nowNs >= stalledUntilA) {
            work += a.doWork();
            stalledUntilA = stall(nowNs);
        }
        if (nowNs >= stalledUntilB) {
            work += b.doWork();
            stalledUntilB = stall(nowNs);
        }
        work += placeA.poller().poll(socket -> ((Session) socket.attachment()).onReady(), Integer.MAX_VALUE);
        work += placeB.poller().poll(socket -> ((Session) socket.attachment()).onReady(), Integer.MAX_VALUE);
        for (final Conversation conversation : conversations) {
            work += conversation.run(nowNs);
        }
        return work;
    }

    /** As a thread that is not scheduled for a while. */
    private long stall(long nowNs) {
        return stallChance > 0 && stalls.chance(stallChance) ? nowNs + stalls.spread(1_000, 100_000_000L) : nowNs;
    }

    private long nextDeadlineNs() {
        final long nowNs = clock.nanoTime();
        long nextNs = Math.min(deadlineNs(a, stalledUntilA, nowNs), deadlineNs(b, stalledUntilB, nowNs));
        for (final Conversation conversation : conversations) {
            nextNs = Math.min(nextNs, conversation.nextDeadlineNs());
        }
        if (shutdown != null && !isShutDown) {
            nextNs = Math.min(nextNs, shutdown.atNs);
        }
        return nextNs;
    }

    private static long deadlineNs(Engine engine, long stalledUntilNs, long nowNs) {
        return stalledUntilNs > nowNs ? stalledUntilNs : engine.nextDeadlineNs();
    }

    // ---- The end ----

    private void check() {
        conversations.forEach(Conversation::check);
        checkFrames("a to b", wireA, faultA, faultB, wireB);
        checkFrames("b to a", wireB, faultB, faultA, wireA);
        for (final Engine engine : List.of(a, b)) {
            engine.publishGauges();
            for (final Counter gauge : List.of(
                    Counter.EngineSocketsInUse,
                    Counter.EngineSlabBytesInUse,
                    Counter.EngineTimersInUse,
                    Counter.EngineRequestsInUse,
                    Counter.EngineTimeWaitInUse,
                    Counter.TcpHandlerErrors)) {
                final long value = engine.counters().get(gauge);
                if (value != 0) {
                    fail(gauge + " is " + value + " at the end in " + (engine == a ? "a" : "b"));
                }
            }
        }
        checkCalm();
        if (isShutDown && !(shutdown.isOfA ? a : b).isDrained()) {
            fail("not drained after its shutdown");
        }
        throwIfFailed();
    }

    /** Where nothing gets lost, nothing is sent twice. */
    private void checkCalm() {
        final boolean isFreshPort = conversations.stream().allMatch(c -> c.plan().clientPort == 0);
        if (weather.isCalm
                && stallChance == 0
                && isFreshPort
                && settingA.isPrompt
                && settingB.isPrompt
                && !isShortOfMemory()
                && shutdown == null) {
            for (final Engine engine : List.of(a, b)) {
                if (engine.counters().get(Counter.TcpRetransSegs) > 0) {
                    fail("retransmitted although nothing was lost: "
                            + engine.counters().get(Counter.TcpRetransSegs) + " in " + (engine == a ? "a" : "b"));
                }
            }
        }
    }

    private void checkFrames(String way, WireNic from, FaultNic out, FaultNic in, WireNic to) {
        if (!out.sent().isConserved() || !in.received().isConserved()) {
            fail(way + ": frames not accounted for: " + out.sent() + "; " + in.received());
        }
        if (from.sentFrames() != out.sent().offered()
                || out.sent().delivered() != in.received().offered()
                || to.receivedFrames() != in.received().delivered()
                || out.sent().queued() + in.received().queued() != 0) {
            fail(way + ": frames lost between NICs: sent " + from.sentFrames() + "; " + out.sent() + "; "
                    + in.received() + "; received " + to.receivedFrames());
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
        text.append(shutdown == null ? "" : "\n  " + shutdown)
                .append("\n  a: ")
                .append(settingA)
                .append("\n  b: ")
                .append(settingB);
        for (final Conversation conversation : conversations) {
            if (!conversation.isOver()
                    || what.contains(" " + conversation.plan().number + ".")
                    || what.startsWith("conversation " + conversation.plan().number + " ")) {
                text.append("\n  ").append(conversation.plan()).append("\n    ").append(conversation);
            }
        }
        return text.append("\n  again: make sim SEED=").append(seed).toString();
    }
}
