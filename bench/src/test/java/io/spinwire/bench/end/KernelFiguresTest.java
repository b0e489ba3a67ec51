package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelFiguresTest {
    @Test
    void shouldPickWhatTcpCountsOutOfTheKernelsTable() {
        final List<String> lines = List.of(
                "Ip: Forwarding OutSegs",
                "Ip: 1 99",
                "Tcp: RtoMin MaxConn CurrEstab InSegs OutSegs RetransSegs InErrs",
                "Tcp: 200 -1 3 10 20 4 0");
        assertEquals("KernelTcpInSegs=10 KernelTcpOutSegs=20 KernelTcpRetransSegs=4", KernelFigures.words(lines));
    }

    @Test
    void shouldFindThemOnThisKernel() throws IOException {
        assertTrue(KernelFigures.words().matches("KernelTcpInSegs=\\d+ .*KernelTcpRetransSegs=\\d+"));
    }
}
