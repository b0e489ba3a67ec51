package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FileLimitTest {
    private static final String HEAD = "Limit                     Soft Limit           Hard Limit           Units     ";

    @Test
    void shouldTakeTheHardLimitWhenTheSoftOneIsLess() {
        assertEquals(
                4_096,
                FileLimit.most(List.of(
                        HEAD,
                        "Max processes             100                  200                  processes ",
                        "Max open files            1024                 4096                 files     ")));
    }

    @Test
    void shouldKnowNoLimitWhenThereIsNone() {
        assertEquals(Long.MAX_VALUE, FileLimit.most(List.of("Max open files  1024  unlimited  files")));
        assertEquals(Long.MAX_VALUE, FileLimit.most(List.of(HEAD)));
    }

    @Test
    void shouldReadThatOfThisProcess() {
        assertTrue(FileLimit.most() > 0);
    }
}
