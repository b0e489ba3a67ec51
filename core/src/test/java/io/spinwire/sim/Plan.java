package io.spinwire.sim;

import io.spinwire.api.PathMtuMode;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.sim.Behaviour.Course;
import io.spinwire.sim.Behaviour.Ending;
import java.util.function.IntPredicate;

/** One conversation, drawn from a seed: who connects to whom, how often, and what both ends do. */
final class Plan {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int FIRST_PORT = 9000;

    final int number;
    final int clientHost;
    final int serverHost;

    /** Nobody listens: both ends connect to each other's port. */
    final boolean isBothAtOnce;

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

    /** Who can talk, where connections may come to nothing, and whether paths may take less than the NICs. */
    record Hosts(int count, IntPredicate isRude, boolean isNarrow, boolean isCalm) {}

    /**
     * A plan.
     *
     * @param largest bytes that an end writes at the most
     */
    Plan(SimRandom random, int number, long largest, Hosts hosts) {
        this.number = number;
        final int drawnWay = random.between(0, 19);
        clientHost = random.between(0, hosts.count - 1);
        serverHost = drawnWay == 0 ? clientHost : (clientHost + random.between(1, hosts.count - 1)) % hosts.count;
        isBothAtOnce = drawnWay == 1;
        final boolean mayFail = hosts.isRude.test(clientHost) || hosts.isRude.test(serverHost);
        final SimRandom clients = random.fork(1);
        final SimRandom servers = random.fork(2);
        serverPort = FIRST_PORT + number;
        rounds = isBothAtOnce ? 1 : random.pick(1, 1, 1, 2, 3);
        clientPort = isBothAtOnce || random.chance(0.2) ? 20_000 + number : 0;
        startNs = random.spread(0, 500 * MS);
        acceptDelayNs = random.chance(0.2) ? random.spread(0, 300 * MS) : 0;
        final long up = bytes(random, largest);
        final long down = bytes(random, largest);
        final int drawn = random.between(0, 9);
        isUnwanted = !isBothAtOnce && random.chance(0.03);
        isExact = (drawn < 8 || isBothAtOnce) && !mayFail && !isUnwanted;
        final Talk talk = talk(random, clients, servers, new Amounts(up, down, isBothAtOnce ? drawn & 7 : drawn));
        kind = talk.kind;
        client = talk.client;
        server = talk.server;
        // A SYN with data that comes late, or twice, opens a connection that nobody has asked for (RFC 7413 section
        // 2.1).
        final boolean isSafe = hosts.isCalm || !isExact;
        final boolean isFirst = client.content.length() > 0 && client.readBeforeWriting == 0 && !isBothAtOnce;
        clientOptions = options(clients, clientPort, hosts)
                .fastOpen(isSafe && isFirst && random.chance(0.4))
                .build();
        serverOptions = options(servers, isBothAtOnce ? serverPort : 0, hosts).build();
    }

    /** Bytes that both ends have to say, and which kind of talk was drawn. */
    private record Amounts(long up, long down, int drawn) {}

    private record Talk(String kind, Behaviour client, Behaviour server) {}

    private Talk talk(SimRandom random, SimRandom clients, SimRandom servers, Amounts amounts) {
        final long up = amounts.up;
        final long down = amounts.down;
        return switch (amounts.drawn) {
            case 0, 1, 2 -> {
                final boolean isClientFirst = random.chance(0.5);
                yield new Talk(
                        "both write",
                        end(clients, up, isClientFirst ? Ending.SHUTDOWN : either(random), Course.FREE),
                        end(servers, down, isClientFirst ? either(random) : Ending.SHUTDOWN, Course.FREE));
            }
            case 3, 4 -> {
                final boolean isClient = random.chance(0.5);
                yield new Talk(
                        "one writes and closes",
                        end(clients, isClient ? up : 0, isClient ? Ending.CLOSE : Ending.WAIT, Course.FREE),
                        end(servers, isClient ? 0 : down, isClient ? Ending.WAIT : Ending.CLOSE, Course.FREE));
            }
            case 5, 6 ->
                new Talk(
                        "request and reply",
                        end(clients, up, either(random), Course.FREE),
                        end(servers, down, Ending.CLOSE, new Course(up, 0, -1)));
            case 7 -> {
                final long step = random.spread(1, 3000);
                final long length = step * random.spread(1, 50);
                yield new Talk(
                        "lockstep",
                        end(clients, length, Ending.SHUTDOWN, new Course(0, step, -1)),
                        end(servers, length, Ending.WAIT, new Course(step, step, -1)));
            }
            default -> {
                final boolean isClient = random.chance(0.5);
                yield new Talk(
                        "one gives up",
                        end(clients, up, either(random), leaving(random, isClient, up + down)),
                        end(servers, down, either(random), leaving(random, !isClient, up + down)));
            }
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
        return new Behaviour(random, isBothAtOnce, new Content(random.nextLong(), bytes), ending, course);
    }

    private SocketOptionsBuilder options(SimRandom random, int localPort, Hosts hosts) {
        final SocketOptionsBuilder options = SocketSetting.draw(random, isExact).localPort(localPort);
        if (isExact && hosts.isNarrow) {
            options.pathMtuMode(random.oneOf(PathMtuMode.WANT, PathMtuMode.DO));
        }
        if (kind.equals("both write") && random.chance(0.1)) {
            options.receiveLowWater(random.spread(1, 200));
        }
        return options;
    }

    /** What the end with this port says. */
    Content contentOf(int port) {
        return port == serverPort ? server.content : client.content;
    }

    @Override
    public String toString() {
        return number + ": " + Host.name(clientHost) + (isBothAtOnce ? " and " : " to ") + Host.name(serverHost) + ", "
                + kind + (isUnwanted ? ", refused" : "")
                + (rounds > 1 ? " " + rounds + " times" : "") + (clientPort == 0 ? "" : " from port " + clientPort)
                + ", client " + client + "; server " + server;
    }
}
