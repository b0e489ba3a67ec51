package io.spinwire.nic.afxdp;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory that holds all frames of a NIC, shared with the kernel: equal chunks, each one frame. Reserved huge pages
 * when there are some, else transparent ones, else normal pages. Populated at once, so that the data path never faults.
 */
final class Umem {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MAP_POPULATE = 0x8000;
    private static final int MAP_HUGETLB_2M = 0x40000 | 21 << 26;
    private static final int MADV_DONTFORK = 10;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int HUGE_PAGE_LENGTH = 2 << 20;

    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private final long address;
    private final int length;
    private final int frameSize;
    private final String pages;

    private Umem(long address, int length, int frameSize, String pages) {
        this.address = address;
        this.length = length;
        this.frameSize = frameSize;
        this.pages = pages;
        memory.wrap(address, length);
    }

    /** Maps memory for all frames; {@code teardown} gets its release. */
    static Umem map(Sizes sizes, Place place, Teardown teardown) {
        final int frameSize = sizes.frameSize();
        final int length = sizes.frames() * frameSize;
        final int mapped = wholeHugePages(length);
        final long huge =
                Libc.mmap(mapped, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS | MAP_POPULATE | MAP_HUGETLB_2M, -1, 0);
        if (huge > 0) {
            return mapped(new Umem(huge, length, frameSize, "reserved huge pages"), huge, mapped, teardown);
        }
        return mapNormal(mapped, length, frameSize, place, teardown);
    }

    /**
     * One huge page more than needed is reserved in address space only, to find an aligned start for transparent ones.
     */
    private static Umem mapNormal(int mapped, int length, int frameSize, Place place, Teardown teardown) {
        final long reserved = (long) mapped + HUGE_PAGE_LENGTH;
        final long start = Libc.mmap(reserved, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (start < 0) {
            throw place.failed(SetupStep.MAP_UMEM, (int) -start, length + " bytes");
        }
        final long aligned = start + HUGE_PAGE_LENGTH - 1 & -HUGE_PAGE_LENGTH;
        final boolean isTransparent = Libc.madvise(aligned, mapped, MADV_HUGEPAGE) == 0;
        Libc.madvise(aligned, mapped, MADV_POPULATE_WRITE); // Linux 5.14; registering pins the pages in any case
        final String pages = isTransparent ? "transparent huge pages" : "normal pages";
        return mapped(new Umem(aligned, length, frameSize, pages), start, reserved, teardown);
    }

    private static Umem mapped(Umem umem, long start, long length, Teardown teardown) {
        // A child process must not get copies of pages under the NIC; on huge pages only whole ones can be advised.
        Libc.madvise(umem.address, wholeHugePages(umem.length), MADV_DONTFORK);
        teardown.add(() -> {
            umem.memory.wrap(0, 0); // a late use meets a bounds check, not freed memory
            Libc.munmap(start, length);
        });
        return umem;
    }

    private static int wholeHugePages(int length) {
        return length + HUGE_PAGE_LENGTH - 1 & -HUGE_PAGE_LENGTH;
    }

    UnsafeBuffer memory() {
        return memory;
    }

    long address() {
        return address;
    }

    int length() {
        return length;
    }

    int frameSize() {
        return frameSize;
    }

    /** What kind of pages it got, for the report. */
    String pages() {
        return pages;
    }
}
