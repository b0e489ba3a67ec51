package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The way of a segment is one call under another, and HotSpot would inline all of it into one unit until it runs out of
 * nodes (NodeCountInliningCutoff); what is left is then called method by method, down to those of one line. So the way
 * is cut where a method is larger than what is ever inlined (FreqInlineSize, 325 bytes of code): each piece is compiled
 * as a whole. perf-results, {@code fast-path}, has what it gains.
 */
class CompilationUnitTest {
    private static final int FREQ_INLINE_SIZE = 325;

    @ParameterizedTest
    @CsvSource({"TcpInput, process", "AckProcessor, takeWithDataInFlight", "Transmit, send"})
    void shouldNotBeInlinedWhenTheWayIsCutThere(String room, String name) throws IOException {
        final ClassModel model = read(room);
        final int length = model.methods().stream()
                .filter(method -> method.methodName().equalsString(name))
                .mapToInt(CompilationUnitTest::codeLength)
                .max()
                .orElseThrow();

        assertTrue(
                length > FREQ_INLINE_SIZE,
                room + "." + name + " has " + length + " bytes of code: not over " + FREQ_INLINE_SIZE
                        + ", so it will be inlined; measure before it is cut elsewhere");
    }

    private static ClassModel read(String room) throws IOException {
        try (InputStream in = CompilationUnitTest.class.getResourceAsStream(room + ".class")) {
            return ClassFile.of().parse(in.readAllBytes());
        }
    }

    private static int codeLength(MethodModel method) {
        return method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
    }
}
