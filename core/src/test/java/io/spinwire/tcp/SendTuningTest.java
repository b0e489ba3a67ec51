package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpSocket;
import org.junit.jupiter.api.Test;

/**
 * The send buffer: two congestion windows in Linux's measure, growing while the application waits for room. Linux:
 * tcp_wmem.
 */
class SendTuningTest extends TcpScript {
    private static final int SEGMENT = 2048 + 256; // what Linux allows for 1000 bytes of payload

    /** Writes until refused. Answers how much is waiting now. */
    private int fill() {
        while (app.offers(5000) > 0) {}
        run();
        stack.emitsWhatever();
        return app.writtenBytes - acked;
    }

    private int acked;

    private void acks(int bytes) {
        acked += bytes;
        peer.sends(ack(1, 1 + acked));
        stack.emitsWhatever();
    }

    @Test
    void shouldBeginWithTwoInitialWindows() {
        accepted();
        assertEquals(20 * SEGMENT, fill());
    }

    @Test
    void shouldGrowWithTheCongestionWindow() {
        accepted();
        fill();
        acks(5000); // cwnd 15
        assertEquals(30 * SEGMENT, fill());
        acks(10_000);
        fill();
        acks(10_000);
        assertTrue(fill() > 40 * SEGMENT);
    }

    @Test
    void shouldGrowMoreWithBbr() {
        accepted(options().congestionControl("bbr").build());
        assertEquals(30 * SEGMENT, fill());
    }

    @Test
    void shouldNotGrowWhenNobodyWaits() {
        accepted();
        app.writes(10_000);
        stack.emitsWhatever();
        acks(5000);
        acks(5000);
        assertEquals(20 * SEGMENT, app.socket.writable());
    }

    @Test
    void shouldNotShrinkWhenTheWindowFalls() {
        accepted();
        fill();
        acks(5000);
        assertEquals(30 * SEGMENT, fill());
        after(s(2)); // timeouts
        stack.emitsWhatever();
        acks(10_000);
        assertEquals(10_000, app.socket.writable());
    }

    @Test
    void shouldStopAtTheLargestBuffer() {
        start(TcpConfig.builder().sendBufferMax(32_000));
        accepted();
        fill();
        for (int i = 0; i < 10; i++) {
            acks(5000);
            fill();
        }
        assertEquals(32_000, fill());
    }

    @Test
    void shouldKeepABufferThatWasSet() {
        accepted(options().sendBuffer(8192).build());
        assertEquals(8192, fill());
        acks(5000);
        assertEquals(8192, fill());
    }

    @Test
    void shouldTellOfRoomWhenAThirdIsFree() {
        accepted(options().sendBuffer(9000).build());
        assertEquals(9000, fill());
        acks(2000);
        app.heard(); // 2000 free, 7000 taken
        acks(1000);
        app.heard("writable"); // 3000 free, 6000 taken
        assertEquals(3000, app.offers(5000));
        assertEquals(TcpSocket.BACK_PRESSURED, app.offers(1));
        run();
        stack.emitsWhatever();
    }
}
