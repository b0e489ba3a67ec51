package io.spinwire.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SocketOptionsTest {

    private static void refuses(String name, UnaryOperator<SocketOptionsBuilder> setting) {
        final SocketOptionsBuilder builder = setting.apply(SocketOptions.builder());
        final String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.startsWith(name + " "), message);
    }

    @Test
    void shouldRefuseTimesThatWouldWrap() {
        refuses("lingerNs", options -> options.lingerNs(Long.MAX_VALUE));
        refuses("userTimeoutNs", options -> options.userTimeoutNs(Long.MAX_VALUE));
        refuses("keepAliveIdleNs", options -> options.keepAliveIdleNs(Long.MAX_VALUE));
        refuses("keepAliveIntervalNs", options -> options.keepAliveIntervalNs(Long.MAX_VALUE));
        assertDoesNotThrow(() -> SocketOptions.builder()
                .userTimeoutNs(TimeUnit.DAYS.toNanos(365))
                .build());
    }

    @Test
    void shouldRefuseBuffersThatCannotWork() {
        refuses("receiveBuffer", options -> options.receiveBuffer(1));
        refuses("sendBuffer", options -> options.sendBuffer(1));
        refuses("receiveBuffer", options -> options.receiveBuffer(TcpConfig.MAX_BUFFER + 1));
        assertDoesNotThrow(
                () -> SocketOptions.builder().receiveBuffer(0).sendBuffer(1024).build());
    }
}
