package io.spinwire.sim;

import io.spinwire.Engine;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.FaultNic;
import io.spinwire.nic.FrameHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * One machine of a simulation: its engine, its NIC, and what befalls it. It may be slow for a while, be shut down in
 * order, or die without a word and be started anew under the same address.
 */
final class Host {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final SocketPoller.ReadyHandler READY = Host::onReady;

    private final int number;
    private final Setting setting;
    private final FaultNic fault;
    private final Wires wires;
    private final Fate fate;
    private final SimRandom stalls;
    private final InetAddress inet;

    private final FrameHandler unheard = (buffer, offset, length) -> onUnheard();
    private WireNic wire;
    private Engine engine;
    private SocketPoller poller;
    private long stalledUntilNs;
    private boolean isShutDown;
    private boolean isDead;
    private int lives;

    // Of former lives.
    private long sentBefore;
    private long receivedBefore;
    private long digestBefore;

    /** Makes what stands between an engine and its NIC. */
    @FunctionalInterface
    interface Wires {
        WireNic over(FaultNic nic);
    }

    /**
     * What befalls it.
     *
     * @param shutdownNs when it is shut down in order, or never ({@link Long#MAX_VALUE})
     * @param deathNs when it dies, or never
     * @param birthNs when it is started anew
     */
    record Fate(long shutdownNs, long deathNs, long birthNs, double stallChance) {
        static Fate draw(SimRandom random, long nowNs) {
            final double stall = random.chance(0.1) ? 0.001 : 0;
            final long atNs = nowNs + random.spread(0, 2 * SECOND);
            if (random.chance(0.02)) {
                return new Fate(atNs, Long.MAX_VALUE, Long.MAX_VALUE, stall);
            }
            if (random.chance(0.04)) {
                return new Fate(Long.MAX_VALUE, atNs, atNs + random.spread(MS, 10 * SECOND), stall);
            }
            return new Fate(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, stall);
        }

        boolean isQuiet() {
            return shutdownNs == Long.MAX_VALUE && deathNs == Long.MAX_VALUE;
        }
    }

    Host(int number, Setting setting, FaultNic fault, Wires wires, Fate fate, SimRandom stalls) {
        this.number = number;
        this.setting = setting;
        this.fault = fault;
        this.wires = wires;
        this.fate = fate;
        this.stalls = stalls;
        inet = inet(address(number));
        start();
    }

    static String name(int number) {
        return String.valueOf((char) ('a' + number));
    }

    static String address(int number) {
        return "10.0.0." + (number + 1);
    }

    private static InetAddress inet(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (final UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void start() {
        wire = wires.over(fault);
        engine = Engine.create(setting.engine(number, lives), wire);
        poller = engine.newPoller();
        lives++;
    }

    // ---- The turn ----

    /** One turn of its engine and of the applications' poller. */
    int turn(long nowNs) {
        if (isDead) {
            fault.flush(); // what has left it is on its way
            return fault.receive(unheard, Integer.MAX_VALUE);
        }
        int work = 0;
        if (fate.shutdownNs <= nowNs && !isShutDown) {
            isShutDown = true;
            engine.beginShutdown();
            work++;
        }
        if (nowNs >= stalledUntilNs) {
            work += engine.doWork();
            stalledUntilNs = stall(nowNs);
        }
        return work + poller.poll(READY, Integer.MAX_VALUE);
    }

    private void onUnheard() {
        receivedBefore++;
    }

    private static void onReady(TcpSocket socket, int bits) {
        ((Session) socket.attachment()).onReady();
    }

    /** As a thread that is not scheduled for a while. */
    private long stall(long nowNs) {
        return fate.stallChance > 0 && stalls.chance(fate.stallChance) ? nowNs + stalls.spread(1_000, 100 * MS) : nowNs;
    }

    long nextDeadlineNs(long nowNs) {
        if (isDead) {
            return Math.min(fate.birthNs, fault.nextDeadlineNs());
        }
        final long engineNs = stalledUntilNs > nowNs ? stalledUntilNs : engine.nextDeadlineNs();
        final long fateNs =
                Math.min(isShutDown ? Long.MAX_VALUE : fate.shutdownNs, lives > 1 ? Long.MAX_VALUE : fate.deathNs);
        return Math.min(engineNs, fateNs);
    }

    /** Whether it is time to die. */
    boolean isDying(long nowNs) {
        return !isDead && lives == 1 && fate.deathNs <= nowNs;
    }

    /** Nothing of the engine is left but what it has sent. */
    void die() {
        isDead = true;
        sentBefore += wire.sentFrames();
        receivedBefore += wire.receivedFrames();
        digestBefore = digest();
        engine = null;
        wire = null;
    }

    boolean isReturning(long nowNs) {
        return isDead && fate.birthNs <= nowNs;
    }

    void comeBack() {
        isDead = false;
        start();
    }

    // ---- Looking in ----

    int number() {
        return number;
    }

    String name() {
        return name(number);
    }

    Engine engine() {
        return engine;
    }

    boolean isDead() {
        return isDead;
    }

    InetAddress inet() {
        return inet;
    }

    SocketPoller poller() {
        return poller;
    }

    Setting setting() {
        return setting;
    }

    FaultNic fault() {
        return fault;
    }

    Fate fate() {
        return fate;
    }

    boolean isShutDown() {
        return isShutDown;
    }

    /** Connections may come to nothing here, whatever the network does. */
    boolean isRude() {
        return setting.isRude || !fate.isQuiet();
    }

    long sentFrames() {
        return sentBefore + (wire == null ? 0 : wire.sentFrames());
    }

    long receivedFrames() {
        return receivedBefore + (wire == null ? 0 : wire.receivedFrames());
    }

    long digest() {
        return wire == null ? digestBefore : digestBefore ^ wire.digest();
    }

    @Override
    public String toString() {
        return name() + ": " + setting + (fate.isQuiet() ? "" : ", " + fate);
    }
}
