package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.afxdp.FrameLedger.Owner;
import org.junit.jupiter.api.Test;

class FrameLedgerTest {
    private final FrameLedger ledger = new FrameLedger(4, 11);

    @Test
    void shouldMoveFrameWhenItsOwnerGivesIt() {
        assertTrue(ledger.move(2048, Owner.FREE, Owner.TX));
        assertEquals(3, ledger.count(Owner.FREE));
        assertEquals(1, ledger.count(Owner.TX));
    }

    @Test
    void shouldRefuseWhenAnotherOwnsTheFrame() {
        ledger.move(2048, Owner.FREE, Owner.TX);
        assertFalse(ledger.move(2048, Owner.FREE, Owner.TX));
        assertEquals("frame at 2048 belongs to TX", ledger.describe(2048));
    }

    @Test
    void shouldRefuseWhenThereIsNoSuchFrame() {
        assertFalse(ledger.move(4 * 2048, Owner.FREE, Owner.TX));
        assertFalse(ledger.move(2049, Owner.FREE, Owner.TX));
        assertFalse(ledger.move(-2048, Owner.FREE, Owner.TX));
        assertEquals("no frame at 8192: there are 4", ledger.describe(8192));
    }
}
