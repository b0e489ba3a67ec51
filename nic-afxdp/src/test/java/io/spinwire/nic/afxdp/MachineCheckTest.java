package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.afxdp.Finding.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCheckTest {
    private static final long ALL = 0x1FF_FFFF_FFFFL;
    private static final long NET_ADMIN = 1L << 12;
    private static final long NET_RAW = 1L << 13;
    private static final long SYS_ADMIN = 1L << 21;
    private static final long IPC_LOCK = 1L << 14;

    @ParameterizedTest
    @CsvSource({
        "4.19.0-6-amd64, FAIL",
        "5.8, FAIL",
        "5.9.1, WARN",
        "5.10.0, WARN",
        "5.15.0-91-generic, WARN",
        "6.16.9, WARN",
        "6.17, OK",
        "6.18.44-fc, OK",
        "7.0.0, OK"
    })
    void shouldJudgeTheKernelWhenItsReleaseIsKnown(String release, Severity severity) {
        assertEquals(severity, MachineCheck.kernel(release).severity());
    }

    @Test
    void shouldNameTheCapabilitiesThatAreMissing() {
        assertEquals(Severity.OK, MachineCheck.capabilities(ALL).severity());
        assertEquals(
                Severity.OK,
                MachineCheck.capabilities(NET_ADMIN | NET_RAW | SYS_ADMIN).severity());
        final Finding finding = MachineCheck.capabilities(NET_RAW);
        assertEquals("no CAP_NET_ADMIN, CAP_BPF", finding.what());
        assertTrue(finding.whatToDo().startsWith("run as root"));
    }

    @Test
    void shouldFailWhenTooLittleMemoryMayBeLocked() {
        assertEquals(Severity.FAIL, MachineCheck.lockedMemory("65536", 0).severity());
        assertEquals(Severity.OK, MachineCheck.lockedMemory("65536", IPC_LOCK).severity());
        assertEquals(Severity.OK, MachineCheck.lockedMemory("unlimited", 0).severity());
        assertEquals(Severity.OK, MachineCheck.lockedMemory("8388608", 0).severity());
    }

    @Test
    void shouldLookAtThisMachineWhenAsked() {
        assertTrue(MachineCheck.examine().size() >= 5);
    }
}
