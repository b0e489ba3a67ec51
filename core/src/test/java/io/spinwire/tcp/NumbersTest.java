package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.syn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an attacker must not guess: initial sequence numbers, ports, timestamp offsets. Keyed by the secret. */
class NumbersTest extends TcpScript {

    private record Numbers(int iss, int port, int tsVal) {}

    private Numbers connectWith(long secret, int peerPort) {
        peers.clear();
        emitted.clear();
        start(config().secret(secret, 7), TcpConfig.DEFAULTS);
        final Peer to = newPeer(peerPort, 0);
        final TcpSocket socket = engine.connect(inet(PEER), peerPort, SocketOptions.DEFAULTS, app);
        run();
        final Packet sent = stack.next();
        engine.close();
        emitted.clear();
        return new Numbers(to.stackIss, socket.localPort(), sent.tsVal);
    }

    @Test
    void shouldRepeatThemselvesWhenSecretAndTimeAreTheSame() {
        assertEquals(connectWith(1, 80), connectWith(1, 80));
    }

    @Test
    void shouldAllDifferWhenSecretDiffers() {
        final Numbers one = connectWith(1, 80);
        final Numbers other = connectWith(2, 80);
        assertNotEquals(one.iss, other.iss);
        assertNotEquals(one.port, other.port);
        assertNotEquals(one.tsVal, other.tsVal);
    }

    @Test
    void shouldDifferWhenDestinationPortDiffers() {
        final Numbers one = connectWith(1, 80);
        final Numbers other = connectWith(1, 81);
        assertTrue(Math.abs(one.iss - other.iss) > 1 << 16, "too near: " + one + other);
        assertNotEquals(one.port, other.port);
        assertEquals(one.tsVal, other.tsVal); // RFC 7323 section 5.4: monotonic to one host
    }

    @Test
    void shouldGrowWithTimeWhenConnectionIsTheSame() {
        final int first = connectWith(1, 80).iss;
        clock.update(clock.nanoTime() + 64_000);
        assertEquals(first + 1000, connectWith(1, 80).iss); // one every 64 ns, as Linux
    }

    @Test
    void shouldDifferWhenPeersDifferAlthoughTimeStandsStill() {
        listens();
        final Set<Integer> high = new HashSet<>();
        for (int port = 5000; port < 5064; port++) {
            final Peer other = newPeer(port, PORT);
            other.sends(syn());
            stack.next();
            high.add(other.stackIss >>> 16);
        }
        assertTrue(high.size() > 60, "numbers in the same block: " + high.size());
    }

    @Test
    void shouldWalkThroughAllPortsWhenConnectingOftenToOnePlace() {
        start(config().firstPort(50_000).lastPort(50_019), TcpConfig.DEFAULTS);
        final Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            ports.add(engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS, app)
                    .localPort());
        }
        assertEquals(20, ports.size());
        stack.emitsWhatever();
    }

    @Test
    void shouldNotUseAPortThatListensWhenConnecting() {
        start(config().firstPort(50_000).lastPort(50_001), TcpConfig.DEFAULTS);
        engine.listen(50_000, SocketOptions.DEFAULTS, app);
        assertEquals(
                50_001,
                engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS, app)
                        .localPort());
        stack.emitsWhatever();
    }

    @Test
    void shouldTakeTheTimeOfTheCallWhenTheLastTurnIsLongAgo() {
        start();
        run();
        clock.update(clock.nanoTime() + s(5));
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().ack(Packet.ANY));
        stack.emitsAfter(s(1), syn().ack(Packet.ANY));
    }
}
