package io.spinwire;

import io.spinwire.api.PathRecord;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.hook.Hooks;
import io.spinwire.ip.AddressPair;
import io.spinwire.nic.FigureVisitor;
import io.spinwire.nic.Nic;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.Tcp;
import java.net.InetAddress;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * One TCP/IP stack on one NIC queue. An Agrona {@link Agent}: run it with an {@code AgentRunner} on a thread of its
 * own, or call {@link #doWork()} yourself. The thread that calls {@code doWork()} is the engine thread; everything here
 * belongs to it, except what says that any thread may call it. Before the first turn any one thread may set it up.
 */
public final class Engine implements Agent, AutoCloseable {
    private final NanoClock clock;
    private final Nic nic;
    private final Stack stack;
    private final Tcp tcp;
    private final Counters counters;
    private final List<Cidr> addresses;
    private long turnBeganNs;
    private boolean wasBusy;
    private boolean isShuttingDown;
    private boolean isClosed;
    private boolean isInTurn;
    private boolean isCloseAsked;

    private Engine(EngineConfig config, Nic nic) {
        clock = config.clock();
        this.nic = nic;
        counters = config.counters();
        addresses = config.addresses();
        stack = new Stack(config, nic);
        tcp = stack.tcp();
        stack.beginTurn(clock.nanoTime());
    }

    /**
     * An engine that owns {@code nic} from now on, and closes it.
     *
     * @throws IllegalArgumentException when the configuration does not fit the NIC, saying why
     */
    public static Engine create(EngineConfig config, Nic nic) {
        return new Engine(config, nic);
    }

    // ---- The turn ----

    /**
     * One turn: never blocks, and answers 0 when nothing was due, or the engine is closed.
     *
     * @return pieces of work done
     * @throws IllegalStateException when called inside a turn, by a handler
     */
    @Override
    public int doWork() {
        if (isClosed) {
            return 0;
        }
        if (isInTurn) {
            throw new IllegalStateException("doWork() was called by a handler, inside a turn: leave it to the turn");
        }
        isInTurn = true;
        try {
            return turn(clock.nanoTime());
        } finally {
            isInTurn = false;
            if (isCloseAsked) {
                close();
            }
        }
    }

    /** What a burst brings about leaves before timers are looked after. */
    private int turn(long nowNs) {
        beginTurn(nowNs);
        int work = tcp.commands();
        work += stack.receive(nowNs);
        if (work > 0) {
            work += send(nowNs);
        }
        final int fired = stack.timers(nowNs);
        if (fired > 0 || work == 0) {
            work += fired + send(nowNs);
        }
        work += tcp.endTurn();
        wasBusy = work > 0;
        return work;
    }

    private int send(long nowNs) {
        return tcp.output(nowNs) + stack.netTxAction() + nic.flush();
    }

    /**
     * The time of a busy turn runs until the next begins; an idle one may be followed by a pause, which is not the
     * engine's.
     */
    private void beginTurn(long nowNs) {
        if (wasBusy) {
            counters.max(Counter.EngineLongestTurnNs, nowNs - turnBeganNs);
        }
        turnBeganNs = nowNs;
        counters.increment(Counter.EngineTurns);
        stack.beginTurn(nowNs);
    }

    /**
     * When the next turn has something to do if nothing arrives: early at times, never late.
     *
     * @return nanoseconds of the engine's clock, {@link Long#MAX_VALUE} for never
     */
    public long nextDeadlineNs() {
        return isClosed ? Long.MAX_VALUE : stack.nextDeadlineNs();
    }

    @Override
    public String roleName() {
        return "spinwire " + nic.name();
    }

    // ---- Opening ----

    /**
     * Serves a port with callbacks on the engine thread. Engine thread, or before the first turn.
     *
     * @param port 1 to 65535
     * @throws IllegalStateException when the port is taken
     */
    public void listen(int port, SocketOptions options, TcpHandler handler) {
        tcp.listen(localAddress(options), checkPort(port), options, handler);
    }

    /** Serves a port for another thread, which polls the listener. Engine thread, or before the first turn. */
    public TcpListener listen(int port, SocketOptions options) {
        return tcp.listen(localAddress(options), checkPort(port), options);
    }

    /**
     * Connects, with callbacks on the engine thread. Engine thread, or before the first turn. A failure is told by
     * {@link TcpHandler#onClosed}, at the earliest after this call.
     *
     * @return the socket, or null when all sockets are in use, which is counted
     */
    public TcpSocket connect(InetAddress remote, int port, SocketOptions options, TcpHandler handler) {
        final long addressPair = tcp.addressPair(localAddress(options), AddressPair.toInt(remote));
        if (!isInTurn) {
            stack.beginTurn(
                    clock.nanoTime()); // the last turn may be long ago: SYN, timer and sequence number are of now
        }
        return tcp.connect(addressPair, checkPort(port), options, handler);
    }

    /** Connects for the calling thread: any thread. What goes wrong is found in {@link TcpSocket#closeReason()}. */
    public TcpSocket connect(InetAddress remote, int port, SocketOptions options) {
        return tcp.connect(localAddress(options), AddressPair.toInt(remote), checkPort(port), options);
    }

    /** A poller for the sockets of one application thread. Any thread. */
    public SocketPoller newPoller() {
        return tcp.newPoller();
    }

    /** Runs {@code task} on the engine thread in a coming turn: any thread. False when too many wait; try again. */
    public boolean execute(Runnable task) {
        return tcp.execute(task);
    }

    /** 0 when none is asked for. */
    private int localAddress(SocketOptions options) {
        if (options.localAddress() == null) {
            return 0;
        }
        final int address = AddressPair.toInt(options.localAddress());
        for (final Cidr own : addresses) {
            if (own.address() == address) {
                return address;
            }
        }
        throw new IllegalArgumentException("localAddress " + Cidr.format(address) + " is not the engine's: its own are "
                + addresses + "; choose one of them, or none");
    }

    private static int checkPort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is out of range: allowed are 1 to 65535");
        }
        return port;
    }

    // ---- Looking in ----

    /** What the engine counts: any thread. */
    public Counters counters() {
        return counters;
    }

    /** The engine's hook points, to be attached to on its thread or before the first turn. */
    public Hooks hooks() {
        return stack.hooks();
    }

    /** Writes the gauges to the counters; they are also written whenever a connection is freed. */
    public void publishGauges() {
        tcp.publishGauges();
        stack.publishGauges();
    }

    /** Shows what the NIC itself counts and holds. Engine thread. */
    public void visitNicFigures(FigureVisitor visitor) {
        nic.visitFigures(visitor);
    }

    /** Visits all connections but those in TIME_WAIT. Engine thread. */
    public void forEachConnection(Tcp.ConnectionVisitor visitor) {
        tcp.forEachConnection(visitor, new TcpInfo());
    }

    // ---- What is kept ----

    /**
     * Fast Open cookies are made with this 128-bit key from now on, at the beginning with one drawn from the engine's
     * secret. Clients with a cookie of the key before are served still, and get a new one; older cookies are refused.
     * Servers that share an address share the key. Engine thread. Linux: tcp_fastopen_key.
     */
    public void setFastOpenKey(long high, long low) {
        tcp.setFastOpenKey(high, low);
    }

    /**
     * Forgets what was learnt about paths to other hosts: round-trip times, Fast Open cookies. Engine thread. Linux:
     * {@code ip tcp_metrics flush}.
     */
    public void flushPathMetrics() {
        tcp.flushPathMetrics();
    }

    /** Visits all that was learnt about paths, used longest ago first. Engine thread. */
    public void forEachPath(PathRecord.Visitor visitor) {
        tcp.forEachPath(visitor, new PathRecord());
    }

    // ---- The end ----

    /**
     * Stops listening and closes all connections in order. Engine thread; turns must go on until {@link #isDrained()}.
     */
    public void beginShutdown() {
        isShuttingDown = true;
        tcp.beginShutdown();
    }

    /** After {@link #beginShutdown()}: no connection is left, but perhaps some in TIME_WAIT. */
    public boolean isDrained() {
        return isShuttingDown && tcp.socketsInUse() == 0;
    }

    @Override
    public void onClose() {
        close();
    }

    /**
     * Resets what is still open and closes the NIC. Engine thread, or after its last turn; called by a handler, it is
     * done when the turn ends. Idempotent.
     */
    @Override
    public void close() {
        isCloseAsked = true;
        if (isClosed || isInTurn) {
            return;
        }
        isClosed = true;
        stack.beginTurn(clock.nanoTime());
        tcp.abortAll();
        stack.drain();
        nic.flush();
        tcp.endTurn();
        nic.close();
    }
}
