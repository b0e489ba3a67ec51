package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spinwire.nic.NicException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {

    @ParameterizedTest
    @CsvSource({
        "afxdp:e,                     0,     1500, 1024,  2048,  2048",
        "afxdp:e,                     512,   1500, 1024,  2048,  2048",
        "afxdp:e,                     1000,  1500, 2048,  4096,  2048",
        "afxdp:e,                     1024,  1500, 2048,  4096,  2048",
        "afxdp:e,                     65536, 1500, 32768, 65536, 2048",
        "'afxdp:e,copy=copy',         4096,  1500, 1024,  2048,  2048",
        "'afxdp:e,mode=generic',      4096,  1500, 1024,  2048,  2048",
        "'afxdp:e,ring=256',          4096,  1500, 256,   512,   2048",
        "'afxdp:e,frames=1000',       0,     1500, 256,   1000,  2048",
        "'afxdp:e,frames=128',        0,     1500, 64,    128,   2048",
        "'afxdp:e,frames=9000',       0,     1500, 1024,  9000,  2048",
        "afxdp:e,                     0,     1774, 1024,  2048,  2048",
        "afxdp:e,                     0,     1775, 1024,  2048,  4096",
        "afxdp:e,                     0,     3822, 1024,  2048,  4096",
        "'afxdp:e,frame-size=4096',   0,     1500, 1024,  2048,  4096"
    })
    void shouldFitTheInterfaceWhenSpecificationLeavesItOpen(
            String specification, int hardwareRing, int mtu, int ring, int frames, int frameSize) {
        final Sizes sizes = Sizes.of(XskSpecification.parse(specification), hardwareRing, mtu);
        assertEquals(new Sizes(ring, frames, frameSize), sizes);
    }

    @Test
    void shouldSayBothNumbersAndTheWayOutWhenMtuDoesNotFitAFrame() {
        assertEquals(
                "afxdp:e,queue=0: mtu 3000 + 274 bytes of headers > frame 2048: lower the MTU (ip link set dev e mtu"
                        + " 1774) or use frame-size=4096",
                refusal("afxdp:e,frame-size=2048", 3000));
        assertEquals(
                "afxdp:e,queue=0: mtu 9000 + 274 bytes of headers > frame 4096: lower the MTU (ip link set dev e mtu"
                        + " 3822)",
                refusal("afxdp:e", 9000));
    }

    private static String refusal(String specification, int mtu) {
        final XskSpecification wanted = XskSpecification.parse(specification);
        return assertThrows(NicException.class, () -> Sizes.of(wanted, 0, mtu)).getMessage();
    }
}
