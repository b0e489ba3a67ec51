package io.spinwire.sim;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.sim.Behaviour.Course;
import io.spinwire.sim.Behaviour.Ending;

/** One conversation, drawn from a seed: who connects to whom, how often, and what both ends do. */
final class Plan {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int FIRST_PORT = 9000;

    /** Who connects to whom. */
    enum Way {
        A_TO_B,
        B_TO_A,
        A_TO_A,
        BOTH_AT_ONCE
    }

    final int number;
    final Way way;
    final int serverPort;
    final int clientPort; // 0 for one that the engine chooses
    final int rounds;
    final long startNs;
    final long acceptDelayNs;

    /** There is no listener: every connect must be refused. */
    final boolean isUnwanted;

    /** All content arrives and both ends close in order: nobody gives up. */
    final boolean isExact;

    final Behaviour client;
    final Behaviour server;
    final SocketOptions clientOptions;
    final SocketOptions serverOptions;
    private final String kind;

    /**
     * A plan.
     *
     * @param largest bytes that an end writes at the most
     * @param mayFail an engine may be short of memory, so that a connection may come to nothing
     */
    Plan(SimRandom random, int number, long largest, boolean mayFail) {
        this.number = number;
        way = way(random);
        final SimRandom clients = random.fork(1);
        final SimRandom servers = random.fork(2);
        serverPort = FIRST_PORT + number;
        rounds = way == Way.BOTH_AT_ONCE ? 1 : random.pick(1, 1, 1, 2, 3);
        clientPort = way == Way.BOTH_AT_ONCE || random.chance(0.2) ? 20_000 + number : 0;
        startNs = random.spread(0, 500 * MS);
        acceptDelayNs = random.chance(0.2) ? random.spread(0, 300 * MS) : 0;
        final long up = bytes(random, largest);
        final long down = bytes(random, largest);
        final int drawn = random.between(0, 9);
        isUnwanted = way != Way.BOTH_AT_ONCE && random.chance(0.03);
        isExact = (drawn < 8 || way == Way.BOTH_AT_ONCE) && !mayFail && !isUnwanted;
        switch (way == Way.BOTH_AT_ONCE ? drawn & 7 : drawn) {
            case 0, 1, 2 -> {
                kind = "both write";
                final boolean isClientFirst = random.chance(0.5);
                client = end(clients, up, isClientFirst ? Ending.SHUTDOWN : either(random), Course.FREE);
                server = end(servers, down, isClientFirst ? either(random) : Ending.SHUTDOWN, Course.FREE);
            }
            case 3, 4 -> {
                kind = "one writes and closes";
                final boolean isClient = random.chance(0.5);
                client = end(clients, isClient ? up : 0, isClient ? Ending.CLOSE : Ending.WAIT, Course.FREE);
                server = end(servers, isClient ? 0 : down, isClient ? Ending.WAIT : Ending.CLOSE, Course.FREE);
            }
            case 5, 6 -> {
                kind = "request and reply";
                client = end(clients, up, either(random), Course.FREE);
                server = end(servers, down, Ending.CLOSE, new Course(up, 0, -1));
            }
            case 7 -> {
                kind = "lockstep";
                final long step = random.spread(1, 3000);
                final long length = step * random.spread(1, 50);
                client = end(clients, length, Ending.SHUTDOWN, new Course(0, step, -1));
                server = end(servers, length, Ending.WAIT, new Course(step, step, -1));
            }
            default -> {
                kind = "one gives up";
                final boolean isClient = random.chance(0.5);
                client = end(clients, up, either(random), leaving(random, isClient, up + down));
                server = end(servers, down, either(random), leaving(random, !isClient, up + down));
            }
        }
        clientOptions = options(clients, clientPort);
        serverOptions = options(servers, way == Way.BOTH_AT_ONCE ? serverPort : 0);
    }

    private static Way way(SimRandom random) {
        return switch (random.between(0, 19)) {
            case 0 -> Way.A_TO_A;
            case 1 -> Way.BOTH_AT_ONCE;
            case 2, 3, 4, 5, 6, 7 -> Way.B_TO_A;
            default -> Way.A_TO_B;
        };
    }

    private static long bytes(SimRandom random, long largest) {
        return random.chance(0.5) ? random.spread(0, largest) : random.between(0, largest);
    }

    private static Course leaving(SimRandom random, boolean isLeaving, long bytes) {
        return isLeaving ? new Course(0, 0, random.spread(0, bytes)) : Course.FREE;
    }

    private static Ending either(SimRandom random) {
        return random.chance(0.5) ? Ending.SHUTDOWN : Ending.WAIT;
    }

    /** Where both connect at once, A does so first; B must then not wait for a turn, or it would refuse A's SYN. */
    private Behaviour end(SimRandom random, long bytes, Ending ending, Course course) {
        return new Behaviour(random, way == Way.BOTH_AT_ONCE, new Content(random.nextLong(), bytes), ending, course);
    }

    private SocketOptions options(SimRandom random, int localPort) {
        final SocketOptionsBuilder options = SocketSetting.draw(random, isExact).localPort(localPort);
        if (kind.equals("both write") && random.chance(0.1)) {
            options.receiveLowWater(random.spread(1, 200));
        }
        return options.build();
    }

    /** What the end with this port says. */
    Content contentOf(int port) {
        return port == serverPort ? server.content : client.content;
    }

    @Override
    public String toString() {
        return number + ": " + way + ", " + kind + (isUnwanted ? ", refused" : "")
                + (rounds > 1 ? " " + rounds + " times" : "") + (clientPort == 0 ? "" : " from port " + clientPort)
                + ", client " + client + "; server " + server;
    }
}
