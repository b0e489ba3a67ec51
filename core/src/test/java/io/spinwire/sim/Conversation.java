package io.spinwire.sim;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Carries out one {@link Plan}: listens, connects as often as planned, and knows the sessions that came of it. */
final class Conversation {
    private static final long RETRY_NS = 700_000_000; // until a TIME_WAIT of ours lets the port go

    private static final long SEQUENCE_NUMBER_NS = 64; // Linux: one every 64 ns

    private final Plan plan;
    private final Host client;
    private final Host server;
    private final Session.World world;
    private final SimRandom random;
    private final Session.Urgent up = new Session.Urgent(); // urgent bytes
    private final Session.Urgent down = new Session.Urgent();
    private final List<Session> clients = new ArrayList<>();
    private final List<Session> servers = new ArrayList<>();
    private TcpListener listener;
    private int roundsBegun;
    private int attempts;
    private long openAtNs;
    private long acceptAtNs;

    Conversation(Plan plan, Host client, Host server, Session.World world, SimRandom random) {
        this.plan = plan;
        this.client = client;
        this.server = server;
        this.world = world;
        this.random = random;
        openAtNs = world.nowNs() + plan.startNs;
    }

    /** A host has died, and what this conversation had there. */
    void onDeath(Host host) {
        if (host == client) {
            clients.forEach(Session::lose);
        }
        if (host == server) {
            servers.forEach(Session::lose);
            listener = null;
        }
        if (plan.isBothAtOnce && clients.isEmpty() && (host == client || host == server)) {
            openAtNs = Long.MAX_VALUE; // it was not to be
            roundsBegun = plan.rounds;
        }
    }

    /** It is back, and serves again. */
    void onReturn(Host host) {
        if (host == server) {
            listen();
        }
    }

    void listen() {
        if (plan.isBothAtOnce || plan.isUnwanted) {
            return;
        }
        if (plan.server.isInline) {
            server.engine().listen(plan.serverPort, plan.serverOptions, new Calls(null));
        } else {
            listener = server.engine().listen(plan.serverPort, plan.serverOptions);
        }
    }

    // ---- Between turns ----

    /** Does what is due; answers how much. */
    int run(long nowNs) {
        int work = accept(nowNs);
        if (openAtNs <= nowNs && !client.isDead()) {
            open();
            work++;
        }
        for (int i = 0; i < clients.size(); i++) {
            work += clients.get(i).tick(nowNs) ? 1 : 0;
        }
        for (int i = 0; i < servers.size(); i++) {
            work += servers.get(i).tick(nowNs) ? 1 : 0;
        }
        if (openAtNs == Long.MAX_VALUE
                && !clients.isEmpty()
                && clients.getLast().isEnded()) {
            next(nowNs);
        }
        return work;
    }

    private int accept(long nowNs) {
        if (listener == null || nowNs < acceptAtNs) {
            return 0;
        }
        final TcpSocket socket = listener.accept();
        if (socket == null) {
            return 0;
        }
        acceptAtNs = nowNs + plan.acceptDelayNs;
        newServer().begin(socket);
        server.poller().add(socket);
        return 1;
    }

    private void open() {
        openAtNs = Long.MAX_VALUE;
        roundsBegun++;
        attempts++;
        connect(client, server, plan.client, newClient());
        if (plan.isBothAtOnce) {
            connect(server, client, plan.server, newServer());
        }
    }

    private void connect(Host from, Host to, Behaviour behaviour, Session session) {
        final boolean isClient = behaviour == plan.client;
        final int port = isClient ? plan.serverPort : plan.clientPort;
        final var options = isClient ? plan.clientOptions : plan.serverOptions;
        if (behaviour.isInline) {
            final TcpSocket socket = from.engine().connect(to.inet(), port, options, new Calls(session));
            if (socket == null) {
                world.fail("no socket to connect with");
            } else {
                session.begin(socket);
            }
        } else {
            final TcpSocket socket = from.engine().connect(to.inet(), port, options);
            session.begin(socket);
            from.poller().add(socket);
        }
        if (options.fastOpen()) {
            session.writeEarly();
        }
    }

    private void next(long nowNs) {
        final Session last = clients.getLast();
        final boolean isPortTaken = plan.clientPort != 0 && hasMetFormerSelf(last);
        final boolean isUnlucky = isPortTaken || hasMissedNeighbour(last) && !plan.isBothAtOnce;
        if (isUnlucky && plan.isExact) {
            clients.removeLast();
            roundsBegun--;
            openAtNs = nowNs + RETRY_NS;
        } else if (roundsBegun < plan.rounds) {
            openAtNs = nowNs + sequenceNumbersPassNs() + random.spread(0, 100_000_000L);
        }
    }

    /** Initial sequence numbers pass those that a connection used only if it was no faster than their clock. */
    private long sequenceNumbersPassNs() {
        return SEQUENCE_NUMBER_NS * (100 + plan.client.content.length() + plan.server.content.length());
    }

    /** Our own port is in TIME_WAIT; or a late copy of a former SYN has made a request that refuses the new one. */
    private static boolean hasMetFormerSelf(Session session) {
        return !session.isConnected()
                && (session.reason() == CloseReason.NO_RESOURCES || session.reason() == CloseReason.REFUSED);
    }

    /** All ARP requests were lost, as can happen. */
    private static boolean hasMissedNeighbour(Session session) {
        return session.reason() == CloseReason.UNREACHABLE && !session.isConnected();
    }

    private Session newClient() {
        final String name = "client " + plan.number + "." + attempts;
        final Session session =
                new Session(name, plan.client, heard(plan.server.content, up, down), world, random.fork(2 * attempts));
        clients.add(session);
        return session;
    }

    /** Where a connection may begin in the middle of a former one, nothing can be said of what comes. */
    private Session.Heard heard(Content said, Session.Urgent own, Session.Urgent others) {
        final boolean isTakingCookies = server.setting().isTakingCookies();
        return new Session.Heard(
                isTakingCookies ? said.unchecked() : said, isTakingCookies ? null : new Session.Marks(own, others));
    }

    private Session newServer() {
        final String name = "server " + plan.number + "." + servers.size();
        final Session session = new Session(
                name, plan.server, heard(plan.client.content, down, up), world, random.fork(2 * servers.size() + 1));
        servers.add(session);
        return session;
    }

    long nextDeadlineNs() {
        long nextNs = client.isDead() ? Long.MAX_VALUE : openAtNs;
        if (listener != null && acceptAtNs > world.nowNs()) {
            nextNs = Math.min(nextNs, acceptAtNs);
        }
        for (final Session session : clients) {
            nextNs = Math.min(nextNs, session.nextDeadlineNs());
        }
        for (final Session session : servers) {
            nextNs = Math.min(nextNs, session.nextDeadlineNs());
        }
        return nextNs;
    }

    // ---- The end ----

    boolean isOver() {
        return openAtNs == Long.MAX_VALUE
                && roundsBegun == plan.rounds
                && clients.stream().allMatch(Session::isEnded)
                && servers.stream().allMatch(Session::isEnded);
    }

    /** Holds what came of it against the plan. */
    void check() {
        for (final Session session : plan.isUnwanted ? clients : List.<Session>of()) {
            if (session.isConnected()) {
                world.fail("nobody listened, but there is " + session);
            }
        }
        if (!plan.isExact
                || clients.stream().anyMatch(Conversation::hasMissedNeighbour)
                || servers.stream().anyMatch(Conversation::hasMissedNeighbour)) {
            return;
        }
        if (servers.size() != plan.rounds) {
            world.fail("conversation " + plan.number + " was accepted " + servers.size() + " times of " + plan.rounds);
        }
        for (final List<Session> sessions : List.of(clients, servers)) {
            for (final Session session : sessions) {
                final String incomplete = session.incompleteness();
                if (incomplete != null) {
                    world.fail(incomplete);
                }
            }
        }
    }

    Plan plan() {
        return plan;
    }

    @Override
    public String toString() {
        return "clients " + clients + ", servers " + servers;
    }

    /** Passes the engine's callbacks on to sessions; what they throw must not get lost in the engine. */
    private final class Calls implements TcpHandler {
        private final Session only;

        /** @param only the session, or null to begin one with each connection */
        Calls(Session only) {
            this.only = only;
        }

        private Session session(TcpSocket socket) {
            return only == null ? (Session) socket.attachment() : only;
        }

        private void guard(Runnable call) {
            try {
                call.run();
            } catch (final Throwable failure) {
                world.fail(failure);
            }
        }

        @Override
        public void onConnected(TcpSocket socket) {
            guard(() -> {
                if (only == null) {
                    newServer().begin(socket);
                }
                session(socket).onConnected();
            });
        }

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            final int[] taken = new int[1];
            guard(() -> taken[0] = session(socket).onData(buffer, offset, length));
            return taken[0];
        }

        @Override
        public void onWritable(TcpSocket socket) {
            guard(() -> session(socket).onWritable());
        }

        @Override
        public void onPeerClosed(TcpSocket socket) {
            guard(() -> session(socket).onPeerClosed());
        }

        @Override
        public void onClosed(TcpSocket socket, CloseReason reason) {
            guard(() -> session(socket).onClosed(reason));
        }
    }
}
