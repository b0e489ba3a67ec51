package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.PathRecord;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.ip.TransportErrors;
import io.spinwire.ip.TransportProtocol;
import io.spinwire.link.NeighbourFailure;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * TCP as the engine sees it: made of the rooms of this package, it takes segments and errors from IP, does the turn's
 * timers, requests and output, and opens connections. Engine thread, but for what says otherwise.
 */
public final class Tcp {
    private final TcpSetup.Limits limits;
    private final Counters counters;
    private final IpOutput ip;
    private final Foundation base;
    private final SendingRooms sending;
    private final ReceivingRooms receiving;
    private final OpeningRooms opening;
    private final TcpTimers timerHandler;
    private final TcpInput input;
    private final IcmpErrors errors;

    /** Builds all rooms, lowest first. */
    public Tcp(IpOutput ip, TcpSetup setup, long nowNs) {
        this.ip = ip;
        limits = setup.limits();
        counters = setup.counters();
        final TcpConfig config = setup.config();
        base = new Foundation(setup, nowNs);
        sending = new SendingRooms(ip, base, setup);
        receiving = new ReceivingRooms(ip, base, sending, setup);
        opening = new OpeningRooms(ip, base, sending, receiving, setup);
        timerHandler = new TcpTimers(
                new TcpTimers.Watching(base.socks, receiving.ackPolicy, receiving.rtt, receiving.recovery),
                new TcpTimers.Sending(
                        sending.transmit, sending.retransmit, sending.output, opening.fastOpenChild, sending.blackHole),
                receiving.teardown,
                opening.opening,
                base.rooms,
                config);
        final FastPath fast = new FastPath(receiving.acks, receiving.data, receiving.ackPolicy, counters);
        final SlowPath slow = new SlowPath(
                new SlowPath.Receiving(
                        receiving.acks,
                        receiving.data,
                        opening.opening,
                        opening.fastOpenChild,
                        sending.blackHole,
                        sending.resets,
                        base.drops),
                receiving.ackPolicy,
                receiving.teardown,
                sending.output,
                counters,
                config.invalidRateLimitNs());
        input = new TcpInput(
                new TcpInput.Finding(base.table, base.listeners, base.socks, sending.timeWait),
                new TcpInput.Paths(fast, slow, opening.active, opening.listening.passive),
                new TcpInput.Afterwards(receiving.delivery, sending.output, base.sendSpace, sending.resets),
                setup);
        errors = new IcmpErrors(
                base.table,
                base.socks,
                ip,
                new IcmpErrors.Effects(sending.pathMtu, receiving.teardown, timerHandler),
                counters);
    }

    // ---- What IP is given ----

    public TransportProtocol input() {
        return input;
    }

    public TransportErrors errors() {
        return errors;
    }

    public NeighbourFailure neighbourFailure() {
        return errors;
    }

    // ---- The turn ----

    /** Time of this turn, for everything that applications call. */
    public void beginTurn(long nowNs) {
        base.socks.setNowNs(nowNs);
    }

    /** Carries out what other threads ask for. */
    public int commands() {
        final int count = opening.applications.run(limits.commands());
        receiving.delivery.drain();
        return count;
    }

    /** Does what is due: of sockets, connection requests and TIME_WAIT. */
    public int timers(long nowNs) {
        int count = base.timers.expire(nowNs, timerHandler, limits.timers());
        count += opening.listening.requestTimers.expire(nowNs, limits.timers());
        count += sending.timeWait.expire(nowNs, limits.timers());
        receiving.telling.memoryWaiters.feed();
        receiving.delivery.drain();
        return count;
    }

    public int output(long nowNs) {
        return sending.output.run(nowNs);
    }

    /** The end of the turn: frees sockets that are done; answers how many. */
    public int endTurn() {
        receiving.delivery.drain();
        base.queues.takeBackEmptied(base.timers);
        final int freed = base.socks.reap();
        if (freed > 0) {
            publishGauges();
        }
        return freed;
    }

    /** Early, never late; a socket that waits for a transmit frame is woken by the NIC, not by time. */
    public long nextDeadlineNs() {
        return Math.min(
                base.timers.nextDeadlineNs(),
                Math.min(opening.listening.requestTimers.nextDeadlineNs(), sending.timeWait.nextDeadlineNs()));
    }

    /** Something is asked for, or to be told, or to be sent and it is not the NIC that it waits for. */
    public boolean hasWork() {
        return receiving.delivery.isOwing() || sending.output.hasWork() || opening.applications.hasCommands();
    }

    /** Writes the gauges. */
    public void publishGauges() {
        counters.set(Counter.EngineSocketsInUse, base.socks.inUse());
        counters.set(Counter.EngineRequestsInUse, opening.listening.passive.size());
        counters.set(Counter.EngineTimeWaitInUse, sending.timeWait.size());
        counters.set(Counter.EngineSlabBytesInUse, base.queues.bytesInUse());
        counters.set(Counter.EnginePathMetricsInUse, base.paths.table.size());
        base.timers.publish();
    }

    /** Fast Open cookies are made with this key from now on; those of the key before are good still. */
    public void setFastOpenKey(long high, long low) {
        opening.listening.fastOpenCookies.changeKey(high, low);
    }

    /** Forgets what was learnt about paths to other hosts. */
    public void flushPathMetrics() {
        base.paths.table.clear();
    }

    /** Visits all that is known of paths. Control plane. */
    public void forEachPath(PathRecord.Visitor visitor, PathRecord path) {
        base.paths.table.forEach(visitor, path, base.socks.nowNs());
    }

    // ---- Opening ----

    /**
     * Listens with a handler on the engine thread.
     *
     * @param localAddress in network order as int, 0 for all
     * @throws IllegalStateException when the port is taken
     */
    public void listen(int localAddress, int port, SocketOptions options, TcpHandler handler) {
        base.listeners.add(newListener(localAddress, port, options, handler));
    }

    private Listener newListener(int localAddress, int port, SocketOptions options, TcpHandler handler) {
        final int deferred = opening.listening.requestTimers.timeoutsIn(options.deferAcceptNs());
        return new Listener(base.listeners.nextIndex(), port, localAddress, options, handler, deferred);
    }

    /** The same for another thread. */
    public TcpListener listen(int localAddress, int port, SocketOptions options) {
        final Listener listener = newListener(localAddress, port, options, null);
        listener.queued = new QueuedListener(listener, this);
        base.listeners.add(listener);
        return listener.queued;
    }

    /**
     * Connects with a handler on the engine thread. Failures are told to the handler. Null when all sockets are in use.
     */
    public TcpSocket connect(long addressPair, int port, SocketOptions options, TcpHandler handler) {
        final TcpSock sock = base.socks.allocate();
        if (sock == null) {
            return null;
        }
        final InlineSocket socket = opening.making.openInline(sock, handler);
        opening.connecting.begin(sock, addressPair, port, options);
        return socket;
    }

    /** Any thread: connects for that thread. What goes wrong is found in the socket's close reason. */
    public TcpSocket connect(int localAddress, int remoteAddress, int port, SocketOptions options) {
        return opening.queuedConnecting.connect(localAddress, remoteAddress, port, options);
    }

    /** The addresses of a connection to {@code remote}, from {@code local} or, if that is 0, from the preferred one. */
    public long addressPair(int local, int remote) {
        return opening.connecting.addressPair(local, remote);
    }

    /** Any thread: a poller for one application thread. */
    public SocketPoller newPoller() {
        return new ReadyPoller(2 * limits.sockets());
    }

    /** Any thread: runs a task on the engine thread in a coming turn. False when too many wait. */
    public boolean execute(Runnable task) {
        return opening.applications.execute(task);
    }

    // ---- The end ----

    void close(Listener listener) {
        base.listeners.remove(listener);
        for (QueuedSocket socket = listener.acceptQueue.poll(); socket != null; socket = listener.acceptQueue.poll()) {
            socket.abort();
        }
    }

    /**
     * Stops listening and ends all connections in order; those of other threads end when their owner closes them too.
     */
    public void beginShutdown() {
        base.listeners.removeAll();
        for (int i = 0; i < base.socks.made(); i++) {
            final TcpSock sock = base.socks.get(i);
            if (sock.facade == null) {
                continue;
            }
            if (sock.isInline()) { // also one that is over, and waits for a handler to read the rest
                receiving.teardown.close(sock, base.socks.nowNs());
            } else {
                sending.output.readWriteSeq(sock); // FIN goes behind all that was offered
                receiving.teardown.shutdownOutput(sock); // closing is for its owner, who still holds the rings
            }
        }
    }

    /** The last turn: carries out what still waits, then resets what is open. */
    public void abortAll() {
        opening.applications.end();
        for (int i = 0; i < base.socks.made(); i++) {
            final TcpSock sock = base.socks.get(i);
            if (sock.facade == null) {
                continue;
            }
            if (!sock.isFinished) {
                receiving.teardown.abort(sock, CloseReason.ABORTED);
            } else if (sock.isInline()) {
                receiving.teardown.close(sock, base.socks.nowNs()); // nobody reads the rest: the end can be told
            }
        }
        receiving.delivery.drain();
    }

    /** Connections that are open or closing; TIME_WAIT not counted. */
    public int socketsInUse() {
        return base.socks.inUse();
    }

    /** Visits all connections but those in TIME_WAIT. Control plane. */
    public void forEachConnection(ConnectionVisitor visitor, TcpInfo info) {
        for (int i = 0; i < base.socks.made(); i++) {
            final TcpSock sock = base.socks.get(i);
            if (sock.facade != null) {
                opening.figures.fill(sock, info, base.socks.nowNs());
                visitor.onConnection(sock.addressPair, sock.localPort(), sock.remotePort(), info);
            }
        }
    }

    /** Takes a connection: addresses as in {@link AddressPair}. */
    @FunctionalInterface
    public interface ConnectionVisitor {
        void onConnection(long addressPair, int localPort, int remotePort, TcpInfo info);
    }
}
