package io.spinwire.nic.afxdp;

import static io.spinwire.nic.afxdp.BpfAssembler.R0;
import static io.spinwire.nic.afxdp.BpfAssembler.R1;
import static io.spinwire.nic.afxdp.BpfAssembler.R2;
import static io.spinwire.nic.afxdp.BpfAssembler.R4;
import static io.spinwire.nic.afxdp.BpfAssembler.R6;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BpfAssemblerTest {

    /** RFC 9669 section 3: opcode, registers, offset, immediate; least significant byte first. */
    @Test
    void shouldEncodeInstructionsWhenAssembled() {
        final long[] program = new BpfAssembler()
                .move(R6, R1)
                .add(R4, 14)
                .loadShort(R0, R4, -2)
                .loadMap(R1, 5)
                .moveImmediate(R0, -1)
                .call(51)
                .exit()
                .assemble();
        assertArrayEquals(
                new long[] {
                    0x00000000_0000_16BFL,
                    0x0000000E_0000_0407L,
                    0x00000000_FFFE_4069L,
                    0x00000005_0000_1118L,
                    0x00000000_0000_0000L,
                    0xFFFFFFFF_0000_00B7L,
                    0x00000033_0000_0085L,
                    0x00000000_0000_0095L
                },
                program);
    }

    @Test
    void shouldCountFromTheNextInstructionWhenJumping() {
        final long[] program = new BpfAssembler()
                .jumpIfWordEqual(R0, 0x0200_000A, "end")
                .moveImmediate(R0, 2)
                .jumpIfRegisterGreater(R4, R2, "end")
                .label("end")
                .exit()
                .assemble();
        assertEquals(0x0200000A_0002_0016L, program[0]);
        assertEquals(0x00000000_0000_242DL, program[2]);
    }

    @Test
    void shouldRefuseWhenLabelIsMissingOrTwice() {
        final BpfAssembler missing = new BpfAssembler().jump("nowhere");
        assertEquals(
                "label nowhere is not defined",
                assertThrows(IllegalStateException.class, missing::assemble).getMessage());
        final BpfAssembler twice = new BpfAssembler().label("here");
        assertThrows(IllegalStateException.class, () -> twice.label("here"));
    }

    @Test
    void shouldRefuseWhenJumpIsBackwardOrTooLong() {
        final BpfAssembler backward = new BpfAssembler().label("loop").jump("loop");
        assertThrows(IllegalStateException.class, backward::assemble);
        final BpfAssembler tooLong = new BpfAssembler().jump("far");
        for (int i = 0; i <= Short.MAX_VALUE; i++) {
            tooLong.exit();
        }
        tooLong.label("far").exit();
        assertThrows(IllegalStateException.class, tooLong::assemble);
    }

    @Test
    void shouldSwapBytesWhenConstantIsComparedWithAPacketsField() {
        assertEquals(0x0608, BpfAssembler.networkShort(0x0806));
        assertEquals(0xFE01A8C0, BpfAssembler.networkInt(0xC0A8_01FE));
    }

    @Test
    void shouldKnowTheSystemCallWhenArchitectureIsSupported() {
        assertEquals(321, Bpf.syscallNumber("amd64"));
        assertEquals(280, Bpf.syscallNumber("aarch64"));
        assertThrows(UnsupportedOperationException.class, () -> Bpf.syscallNumber("riscv64"));
    }
}
