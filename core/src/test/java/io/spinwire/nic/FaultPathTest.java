package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What happens to frames by their length and content: the MTU of a path, its router, congestion marks. */
class FaultPathTest {
    private static final int SOURCE = 0x0A00_0001;
    private static final int DESTINATION = 0x0A00_0002;
    private static final int ECT0 = 2;
    private static final int CE = 3;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Pipe pipe = new Pipe(1500, 64);
    private final List<UnsafeBuffer> received = new ArrayList<>();

    @Test
    void shouldLoseLongDatagramsOnlyWhenPathHasMtu() {
        final FaultNic a = sender(FaultProfile.builder().mtu(0, 1000).build());
        send(a, 1001, 0);
        send(a, 1000, 0);

        assertEquals(List.of(1000), lengthsAtPeer());
        assertEquals(1, a.sent().tooBig());
        assertEquals(0, a.received().answers());
        assertTrue(a.sent().isConserved());
    }

    @Test
    void shouldTakeTheMtuOfTheMomentWhenItChanges() {
        final FaultNic a =
                sender(FaultProfile.builder().mtu(100, 600).mtu(200, 1400).build());
        for (final int nowNs : new int[] {50, 100, 150, 200, 250}) {
            clock.update(nowNs);
            send(a, 1300, 0);
        }

        assertEquals(List.of(1300, 1300, 1300), lengthsAtPeer());
        assertEquals(2, a.sent().tooBig());
    }

    @Test
    void shouldAnswerFragmentationNeededWhenRouterSaysSo() {
        final FaultNic a = sender(
                FaultProfile.builder().delay(70, 0).mtu(0, 1000).answerTooBig().build());
        send(a, 1400, 0);
        assertEquals(70, a.nextDeadlineNs());
        clock.update(70);
        a.receive(this::record, 8);

        final UnsafeBuffer answer = received.getFirst();
        assertEquals(pipe.a().macAddress(), Ethernet.destination(answer, 0));
        assertTrue(Ipv4.isChecksumValid(answer, 14, 20));
        assertEquals(SOURCE, Ipv4.destination(answer, 14));
        assertEquals(Icmp4.DESTINATION_UNREACHABLE, Icmp4.type(answer, 34));
        assertEquals(Icmp4.FRAGMENTATION_NEEDED, Icmp4.code(answer, 34));
        assertEquals(1000, Icmp4.nextHopMtu(answer, 34));
        assertTrue(Icmp4.isChecksumValid(answer, 34, answer.capacity() - 34));
        assertEquals(SOURCE, Ipv4.source(answer, 42));
        assertEquals(DESTINATION, Ipv4.destination(answer, 42));
        assertEquals(14 + 20 + 8 + 28, answer.capacity());
        assertEquals(1, a.received().answers());
        assertTrue(a.received().isConserved());
    }

    @Test
    void shouldMarkDatagramsThatSpeakEcnWhenQueueIsLong() {
        final FaultNic a = sender(
                FaultProfile.builder().rate(8_000_000, 100_000).mark(2_500).build());
        for (int i = 0; i < 5; i++) {
            send(a, 986, i == 4 ? 0 : ECT0); // a millisecond each, its Ethernet header counted
        }
        clock.update(10_000_000);
        a.flush();
        pipe.b().receive(this::record, 8);

        final List<Integer> marks = new ArrayList<>();
        received.forEach(frame -> {
            marks.add(Ipv4.tos(frame, 14) & 3);
            assertTrue(Ipv4.isChecksumValid(frame, 14, 20));
        });
        assertEquals(List.of(ECT0, ECT0, ECT0, CE, 0), marks);
        assertEquals(1, a.sent().marked());
    }

    @Test
    void shouldLoseSmallFramesOnlyWhenAskedTo() {
        final FaultNic a = sender(FaultProfile.builder().smallLoss(1, 80).build());
        send(a, 66, 0);
        send(a, 67, 0);

        assertEquals(List.of(67), lengthsAtPeer());
        assertEquals(1, a.sent().lostSmall());
        assertTrue(a.sent().isConserved());
    }

    @Test
    void shouldRefuseSettingsThatCanDoNothing() {
        final FaultProfile answering = FaultProfile.builder().answerTooBig().build();
        assertThrows(NicException.class, () -> new FaultNic(pipe.a(), clock, 1, answering));
        final FaultProfile.Builder marking = FaultProfile.builder().mark(100);
        assertThrows(NicException.class, marking::build);
    }

    private FaultNic sender(FaultProfile profile) {
        return new FaultNic(pipe.a(), clock, 1, FaultProfile.none(), profile);
    }

    private void send(Nic nic, int datagramLength, int tos) {
        final int offset = nic.claim(14 + datagramLength);
        final MutableDirectBuffer buffer = nic.txBuffer();
        Ethernet.put(buffer, offset, pipe.b().macAddress(), nic.macAddress(), Ethernet.TYPE_IPV4);
        Ipv4.put(buffer, offset + 14, tos, datagramLength, 0, Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(buffer, offset + 14, SOURCE, DESTINATION);
        nic.commit(14 + datagramLength);
        nic.flush();
    }

    private List<Integer> lengthsAtPeer() {
        final List<Integer> lengths = new ArrayList<>();
        pipe.b().receive((buffer, offset, length) -> lengths.add(length - 14), 64);
        return lengths;
    }

    private void record(MutableDirectBuffer buffer, int offset, int length) {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, buffer, offset, length);
        received.add(copy);
    }
}
