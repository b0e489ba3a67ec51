package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpSocket;
import io.spinwire.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MSG_MORE: what does not fill a segment waits, for this call only. The segments are those that the kernel sent. */
class MoreFlagTest extends EitherSocketScript {

    private void writesMore(int length) {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i++) {
            bytes.putByte(i, pattern(app.writtenBytes + 1 + i));
        }
        assertEquals(length, app.socket.offer(bytes, 0, length, TcpSocket.MORE));
        app.writtenBytes += length;
        run();
    }

    private void emitsUnpushed(Packet expected) {
        final Packet next = stack.next();
        assertEquals(true, expected.matches(next), () -> "expected " + expected + " but was " + next);
        assertEquals(false, next.is(TcpHeader.PSH), "pushed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldBackUntilASegmentComes(boolean isQueued) {
        accepted(isQueued);
        writesMore(100);
        stack.emitsNothing();
        peer.sends(ack(1, 1));
        emitsUnpushed(data(1, 1, 100));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendAfter200MillisecondsWhenNothingElseHappens(boolean isQueued) {
        accepted(isQueued, options().noDelay(true).build());
        peer.sends(data(1, 1, 1));
        stack.emits(ack(1, 2));
        writesMore(100);
        stack.emitsNothing();
        after(ms(150));
        stack.emitsNothing();
        after(s(1));
        stack.emits(data(1, 2, 100).push());
        stack.emitsWhatever();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendAllWhenNextOfferHasNoFlag(boolean isQueued) {
        accepted(isQueued);
        writesMore(100);
        app.writes(100);
        stack.emits(data(1, 1, 200).push());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldBackOnlyWhatWasWrittenWithTheFlag(boolean isQueued) {
        accepted(isQueued);
        app.offers(100);
        writesMore(50);
        stack.emits(data(1, 1, 100).push());
        peer.sends(ack(1, 101));
        emitsUnpushed(data(101, 1, 50));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWholeSegmentsWhenThereAreSome(boolean isQueued) {
        accepted(isQueued);
        writesMore(2500);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        writesMore(500);
        emitsUnpushed(data(2001, 1, 1000));
        peer.sends(ack(1, 3001));
        stack.emitsNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWhenNagleIsSwitchedOff(boolean isQueued) {
        accepted(isQueued);
        writesMore(100);
        app.socket.setNoDelay(true);
        run();
        emitsUnpushed(data(1, 1, 100));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWithTheFinWhenOutputIsShut(boolean isQueued) {
        accepted(isQueued);
        writesMore(100);
        app.shutsDown();
        emitsUnpushed(fin(1, 1).length(100));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotWaitWhenNotAllFits(boolean isQueued) {
        accepted(isQueued, options().sendBuffer(8192).build());
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[9000]);
        for (int i = 0; i < 9000; i++) {
            bytes.putByte(i, pattern(1 + i));
        }
        assertEquals(8192, app.socket.offer(bytes, 0, 9000, TcpSocket.MORE));
        run();
        for (int i = 0; i < 8; i++) {
            stack.emits(data(1 + 1000 * i, 1, 1000));
        }
        stack.emits(data(8001, 1, 192).push());
    }
}
