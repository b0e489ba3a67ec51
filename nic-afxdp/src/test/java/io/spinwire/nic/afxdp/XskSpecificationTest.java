package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XskSpecificationTest {

    @Test
    void shouldChooseByItselfWhenOnlyTheInterfaceIsGiven() {
        final XskSpecification read = XskSpecification.parse("afxdp:eth0");
        assertEquals("eth0", read.interfaceName());
        assertEquals(0, read.queue());
        assertEquals(XskSpecification.Mode.AUTO, read.mode());
        assertEquals(XskSpecification.Copy.AUTO, read.copy());
        assertEquals(XskSpecification.AUTO, read.frames());
        assertEquals(XskSpecification.AUTO, read.ring());
        assertEquals(XskSpecification.AUTO, read.frameSize());
        assertEquals(XskSpecification.BusyPoll.AUTO, read.busyPoll());
        assertEquals(XskSpecification.Take.OWN, read.take());
        assertEquals("", read.namespace());
        assertEquals("afxdp:eth0,queue=0", read.name());
    }

    @Test
    void shouldTakeEveryKeyWhenAllAreGiven() {
        final XskSpecification read = XskSpecification.parse("afxdp:enp1s0,queue=3,mode=native,copy=zerocopy,"
                + "frames=8192,ring=2048,frame-size=4096,busy-poll=off,filter=all,netns=lab-a");
        assertEquals(
                new XskSpecification(
                        "enp1s0",
                        3,
                        XskSpecification.Mode.NATIVE,
                        XskSpecification.Copy.ZEROCOPY,
                        8192,
                        2048,
                        4096,
                        XskSpecification.BusyPoll.OFF,
                        XskSpecification.Take.ALL,
                        "lab-a"),
                read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eth0 | is not a specification of an AF_XDP NIC: write afxdp:IFACE",
                "pipe:x | is not a specification of an AF_XDP NIC",
                "afxdp: | is not the name of an interface",
                "afxdp:a-name-of-16-long | is not the name of an interface, which has 1 to 15 characters",
                "afxdp:a/b | is not the name of an interface",
                "afxdp:queue=1 | is not the name of an interface",
                "afxdp:eth0,7 | \"7\" is not key=value; allowed are queue=N, mode=auto|native|generic",
                "afxdp:eth0, | \"\" is not key=value",
                "afxdp:eth0,=1 | \"=1\" is not key=value",
                "afxdp:eth0,queue=1,queue=2 | queue is given twice",
                "afxdp:eth0,speed=9 | unknown speed; allowed are queue=N",
                "afxdp:eth0,queue=-1 | queue=-1 is refused; allowed: a number from 0 to 4095",
                "afxdp:eth0,queue=4096 | queue=4096 is refused",
                "afxdp:eth0,queue=99999999999 | queue=99999999999 is refused",
                "afxdp:eth0,queue= | queue= is refused",
                "afxdp:eth0,mode=fast | mode=fast is refused; allowed: auto, native, generic",
                "afxdp:eth0,mode=NATIVE | mode=NATIVE is refused",
                "afxdp:eth0,copy=no | copy=no is refused; allowed: auto, zerocopy, copy",
                "afxdp:eth0,ring=1000 | ring=1000 is refused; allowed: a power of two from 64 to 32768",
                "afxdp:eth0,ring=32 | ring=32 is refused",
                "afxdp:eth0,ring=65536 | ring=65536 is refused",
                "afxdp:eth0,ring=0 | ring=0 is refused",
                "afxdp:eth0,ring=1024,frames=1087 | frames=1087 is refused; allowed: a number from 1088 to 262144",
                "afxdp:eth0,frames=262145 | frames=262145 is refused",
                "afxdp:eth0,frame-size=1024 | frame-size=1024 is refused; allowed: 2048 or 4096",
                "afxdp:eth0,busy-poll=maybe | busy-poll=maybe is refused; allowed: auto, on, off",
                "afxdp:eth0,filter=none | filter=none is refused; allowed: own, all",
                "afxdp:eth0,netns= | netns= is refused",
                "afxdp:eth0,netns=../x | netns=../x is refused",
                "afxdp:eth0,mode=generic,copy=zerocopy | zero-copy needs native XDP"
            })
    void shouldRefuseAndSayWhatIsAllowedWhenSpecificationIsWrong(String text, String expected) {
        final NicException e = assertThrows(NicException.class, () -> XskSpecification.parse(text));
        assertTrue(e.getMessage().startsWith("\"" + text + "\""), e::getMessage);
        assertTrue(e.getMessage().contains(expected), e::getMessage);
    }
}
