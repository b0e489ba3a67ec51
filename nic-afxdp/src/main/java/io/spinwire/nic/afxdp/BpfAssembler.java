package io.spinwire.nic.afxdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles eBPF instructions with named jump targets. An instruction is 8 bytes: opcode u8, registers u8 (source in
 * the high four bits), offset s16, immediate s32 (RFC 9669 section 3). Only the instructions that {@link XskFilter}
 * uses. Immediates are as the machine reads them: use {@link #networkShort} for fields of packets. Control plane.
 */
final class BpfAssembler {
    static final int R0 = 0;
    static final int R1 = 1;
    static final int R2 = 2;
    static final int R3 = 3;
    static final int R4 = 4;
    static final int R5 = 5;
    static final int R6 = 6;

    private static final int LOAD_BYTE = 0x71;
    private static final int LOAD_HALF = 0x69;
    private static final int LOAD_WORD = 0x61;
    private static final int LOAD_DOUBLE_IMMEDIATE = 0x18;
    private static final int PSEUDO_MAP_FD = 1;
    private static final int MOVE_REGISTER = 0xBF;
    private static final int MOVE_IMMEDIATE = 0xB7;
    private static final int ADD_REGISTER = 0x0F;
    private static final int ADD_IMMEDIATE = 0x07;
    private static final int AND_IMMEDIATE = 0x57;
    private static final int SHIFT_LEFT_IMMEDIATE = 0x67;
    private static final int TO_BIG_ENDIAN = 0xDC;
    private static final int JUMP = 0x05;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_NOT_EQUAL = 0x55;
    private static final int JUMP_LESS = 0xA5;
    private static final int JUMP_LESS_OR_EQUAL = 0xB5;
    private static final int JUMP_GREATER_REGISTER = 0x2D;
    private static final int JUMP_WORD_EQUAL = 0x16; // JMP32: compares 32 bits, no sign extension
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;

    private record Fixup(int index, String label) {}

    private final List<Long> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();

    /** The 16-bit constant that a field of a packet equals when loaded by a little-endian machine. */
    static int networkShort(int value) {
        return Short.reverseBytes((short) value) & 0xFFFF;
    }

    /** The 32-bit constant that a field of a packet equals when loaded by a little-endian machine. */
    static int networkInt(int value) {
        return Integer.reverseBytes(value);
    }

    BpfAssembler label(String name) {
        if (labels.put(name, instructions.size()) != null) {
            throw new IllegalStateException("label " + name + " is defined twice");
        }
        return this;
    }

    BpfAssembler move(int target, int source) {
        return emit(MOVE_REGISTER, target, source, 0, 0);
    }

    BpfAssembler moveImmediate(int target, int value) {
        return emit(MOVE_IMMEDIATE, target, 0, 0, value);
    }

    BpfAssembler add(int target, int value) {
        return emit(ADD_IMMEDIATE, target, 0, 0, value);
    }

    BpfAssembler addRegister(int target, int source) {
        return emit(ADD_REGISTER, target, source, 0, 0);
    }

    BpfAssembler and(int target, int value) {
        return emit(AND_IMMEDIATE, target, 0, 0, value);
    }

    BpfAssembler shiftLeft(int target, int bits) {
        return emit(SHIFT_LEFT_IMMEDIATE, target, 0, 0, bits);
    }

    /** Turns a 16-bit field of a packet into the number it means. */
    BpfAssembler shortFromNetwork(int target) {
        return emit(TO_BIG_ENDIAN, target, 0, 0, Short.SIZE);
    }

    BpfAssembler loadByte(int target, int base, int offset) {
        return emit(LOAD_BYTE, target, base, offset, 0);
    }

    BpfAssembler loadShort(int target, int base, int offset) {
        return emit(LOAD_HALF, target, base, offset, 0);
    }

    BpfAssembler loadInt(int target, int base, int offset) {
        return emit(LOAD_WORD, target, base, offset, 0);
    }

    /** Loads a map by its file descriptor: two instructions' room. */
    BpfAssembler loadMap(int target, int mapFd) {
        return emit(LOAD_DOUBLE_IMMEDIATE, target, PSEUDO_MAP_FD, 0, mapFd).emit(0, 0, 0, 0, 0);
    }

    BpfAssembler jump(String label) {
        return jumping(JUMP, 0, 0, 0, label);
    }

    BpfAssembler jumpIfEqual(int register, int value, String label) {
        return jumping(JUMP_EQUAL, register, 0, value, label);
    }

    BpfAssembler jumpIfNotEqual(int register, int value, String label) {
        return jumping(JUMP_NOT_EQUAL, register, 0, value, label);
    }

    /** Compares the low 32 bits only: a 64-bit comparison would sign-extend an address with the top bit set. */
    BpfAssembler jumpIfWordEqual(int register, int value, String label) {
        return jumping(JUMP_WORD_EQUAL, register, 0, value, label);
    }

    BpfAssembler jumpIfLess(int register, int value, String label) {
        return jumping(JUMP_LESS, register, 0, value, label);
    }

    BpfAssembler jumpIfLessOrEqual(int register, int value, String label) {
        return jumping(JUMP_LESS_OR_EQUAL, register, 0, value, label);
    }

    BpfAssembler jumpIfRegisterGreater(int register, int than, String label) {
        return jumping(JUMP_GREATER_REGISTER, register, than, 0, label);
    }

    BpfAssembler call(int kernelFunction) {
        return emit(CALL, 0, 0, 0, kernelFunction);
    }

    BpfAssembler exit() {
        return emit(EXIT, 0, 0, 0, 0);
    }

    /** @return one long per instruction, jumps resolved */
    long[] assemble() {
        final long[] program = instructions.stream().mapToLong(Long::longValue).toArray();
        for (final Fixup fixup : fixups) {
            final Integer target = labels.get(fixup.label());
            if (target == null) {
                throw new IllegalStateException("label " + fixup.label() + " is not defined");
            }
            final int distance = target - fixup.index() - 1;
            if (distance < 0 || distance > Short.MAX_VALUE) {
                throw new IllegalStateException("jump to " + fixup.label() + " is " + distance
                        + " instructions long; only 0 to " + Short.MAX_VALUE + " are possible");
            }
            program[fixup.index()] |= (long) distance << 16;
        }
        return program;
    }

    private BpfAssembler jumping(int opcode, int target, int source, int immediate, String label) {
        fixups.add(new Fixup(instructions.size(), label));
        return emit(opcode, target, source, 0, immediate);
    }

    private BpfAssembler emit(int opcode, int target, int source, int offset, int immediate) {
        instructions.add(opcode
                | (long) target << 8
                | (long) source << 12
                | (offset & 0xFFFFL) << 16
                | (immediate & 0xFFFF_FFFFL) << 32);
        return this;
    }
}
