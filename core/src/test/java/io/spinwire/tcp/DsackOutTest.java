package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 2883 as a receiver: what came twice is told of once, and first. What the kernel was seen to do. */
class DsackOutTest extends TcpScript {

    private void acceptedWithSack() {
        peer.withSack().withTimestamps();
        accepted();
    }

    private void received(int length) {
        peer.sends(data(1, 1, length));
        stack.emits(ack(1, 1 + length));
    }

    @Test
    void shouldTellOnceWhenASegmentComesAgain() {
        acceptedWithSack();
        received(100);
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101).sack(1, 101));
        peer.sends(data(1, 1, 50));
        stack.emits(ack(1, 101).sack(1, 51));
        peer.sends(data(101, 1, 10));
        stack.emits(ack(1, 111).options("nop nop ts"));
        assertEquals(2, count(Counter.TcpDSACKOldSent));
        assertEquals(2, count(Counter.TcpDelayedAckLost));
    }

    @Test
    void shouldTellOfTheOldPartWhenASegmentComesPartlyAgain() {
        acceptedWithSack();
        received(100);
        peer.sends(data(51, 1, 100));
        stack.emits(ack(1, 151).sack(51, 101));
        assertEquals(150, app.readBytes);
    }

    @Test
    void shouldPutTheDuplicateBeforeTheBlocks() {
        acceptedWithSack();
        received(100);
        peer.sends(data(301, 1, 100), data(501, 1, 100), data(701, 1, 100));
        stack.emitsWhatever();
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101).sack(1, 101, 701, 801, 501, 601));
        peer.sends(data(701, 1, 10));
        stack.emits(ack(1, 101).sack(701, 711, 701, 801, 501, 601));
        assertEquals(1, count(Counter.TcpDSACKOfoSent));
    }

    @Test
    void shouldTellOfTheFirstPieceWhenASegmentSpansOthers() {
        acceptedWithSack();
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 1).sack(101, 201));
        peer.sends(data(301, 1, 100));
        stack.emits(ack(1, 1).sack(301, 401, 101, 201));
        peer.sends(data(151, 1, 200));
        stack.emits(ack(1, 1).sack(151, 201, 101, 401));
        peer.sends(data(101, 1, 400));
        stack.emits(ack(1, 1).sack(101, 401, 101, 501));
        peer.sends(data(1, 1, 150));
        stack.emits(ack(1, 501).sack(101, 151));
    }

    @Test
    void shouldTellOfWhatWasAheadWhenItComesInOrder() {
        acceptedWithSack();
        peer.sends(data(101, 1, 50), data(171, 1, 20));
        stack.emits(ack(1, 1).sack(101, 151), ack(1, 1).sack(171, 191, 101, 151));
        peer.sends(data(1, 1, 200));
        stack.emits(ack(1, 201).sack(101, 151));
        peer.sends(data(201, 1, 10));
        stack.emits(ack(1, 211).options("nop nop ts"));
    }

    @Test
    void shouldTellWhenASegmentEndsInTheMiddleOfOneThatWasAhead() {
        acceptedWithSack();
        peer.sends(data(101, 1, 50));
        stack.emits(ack(1, 1).sack(101, 151));
        peer.sends(data(1, 1, 120));
        stack.emits(ack(1, 151).sack(101, 121));
    }

    @Test
    void shouldTellWhenASegmentIsLeftOfTheWindow() {
        acceptedWithSack();
        received(100);
        peer.sends(data(-99, 1, 50));
        stack.emits(ack(1, 101).sack(-99, -49));
        peer.sends(data(-99, 1, 120));
        stack.emits(ack(1, 101).sack(-99, 21));
    }

    @Test
    void shouldTellOfAFinThatComesAgain() {
        acceptedWithSack();
        peer.sends(fin(1, 1).length(10));
        after(ms(200));
        stack.emits(ack(1, 12));
        peer.sends(fin(1, 1).length(10));
        stack.emits(ack(1, 12).sack(1, 12));
    }

    @Test
    void shouldTellWithDataWhenDataIsSent() {
        acceptedWithSack();
        received(100);
        app.onData = socket -> app.offers(100);
        peer.sends(data(51, 1, 100));
        stack.emits(data(1, 151, 100).sack(51, 101));
    }

    @Test
    void shouldSayNothingOfDuplicatesWhenOff() {
        start(TcpConfig.builder().dsack(false));
        acceptedWithSack();
        received(100);
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101).options("nop nop ts"));
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 101).sack(201, 301));
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 101).sack(201, 301));
        assertEquals(0, count(Counter.TcpDSACKOldSent));
    }
}
