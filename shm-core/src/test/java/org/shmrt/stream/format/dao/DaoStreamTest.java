package org.shmrt.stream.format.dao;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.contract.CounterContract;
import org.shmrt.testing.contract.ProcessContract;
import org.shmrt.testing.contract.ReaderContract;
import org.shmrt.testing.contract.RecreationContract;
import org.shmrt.testing.contract.WaitContract;
import org.shmrt.testing.contract.WriterContract;

/** The stream contracts for DAO: depth 1 and more, and the older and newer layouts. */
class DaoStreamTest {
    private static final StreamSpec SINGLE = StreamSpec.dao(DataType.UINT16, Shape.of(32, 64));
    private static final StreamSpec RING = SINGLE.withDepth(4).withKeywords(3);
    private static final StreamSpec PRE_FIFO = SINGLE.withVariant("pre-fifo").withKeywords(1);
    private static final StreamSpec WIDE = SINGLE.withVariant("wide").withDepth(3);
    private static final StreamSpec VERSION_2 = SINGLE.withVariant("v2");

    @Nested
    class WritingOneFrame extends WriterContract {
        WritingOneFrame() {
            super(SINGLE, Scratch.inTmp());
        }
    }

    @Nested
    class WritingARing extends WriterContract {
        WritingARing() {
            super(RING, Scratch.inSharedMemory());
        }
    }

    @Nested
    class ReadingOneFrame extends ReaderContract {
        ReadingOneFrame() {
            super(SINGLE, Scratch.inTmp());
        }
    }

    @Nested
    class ReadingARing extends ReaderContract {
        ReadingARing() {
            super(RING, Scratch.inSharedMemory());
        }
    }

    @Nested
    class WaitingForOneFrame extends WaitContract {
        WaitingForOneFrame() {
            super(SINGLE, Scratch.inTmp());
        }
    }

    @Nested
    class WaitingOnARing extends WaitContract {
        WaitingOnARing() {
            super(RING, Scratch.inSharedMemory());
        }
    }

    @Nested
    class RecreatingOneFrame extends RecreationContract {
        RecreatingOneFrame() {
            super(SINGLE, Scratch.inTmp());
        }
    }

    @Nested
    @Tag("slow")
    class WritingBeforeTheRing extends WriterContract {
        WritingBeforeTheRing() {
            super(PRE_FIFO, Scratch.inSharedMemory());
        }
    }

    @Nested
    class RecreatingARing extends RecreationContract {
        RecreatingARing() {
            super(RING, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class ReadingBeforeTheRing extends ReaderContract {
        ReadingBeforeTheRing() {
            super(PRE_FIFO, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WaitingBeforeTheRing extends WaitContract {
        WaitingBeforeTheRing() {
            super(PRE_FIFO, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WritingInTheWideLayout extends WriterContract {
        WritingInTheWideLayout() {
            super(WIDE, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class ReadingInTheWideLayout extends ReaderContract {
        ReadingInTheWideLayout() {
            super(WIDE, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WaitingInTheWideLayout extends WaitContract {
        WaitingInTheWideLayout() {
            super(WIDE, Scratch.inSharedMemory());
        }
    }

    @Nested
    class SharingOneFrame extends ProcessContract {
        SharingOneFrame() {
            super(SINGLE, Scratch.inSharedMemory());
        }
    }

    @Nested
    class SharingARing extends ProcessContract {
        SharingARing() {
            super(RING, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class SharingBeforeTheRing extends ProcessContract {
        SharingBeforeTheRing() {
            super(PRE_FIFO, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class SharingInTheWideLayout extends ProcessContract {
        SharingInTheWideLayout() {
            super(WIDE, Scratch.inSharedMemory());
        }
    }

    @Nested
    class CountingOneFrame extends CounterContract {
        CountingOneFrame() {
            super(SINGLE, Scratch.inTmp());
        }
    }

    @Nested
    class CountingInARing extends CounterContract {
        CountingInARing() {
            super(RING, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WritingInVersion2 extends WriterContract {
        WritingInVersion2() {
            super(VERSION_2.withDepth(3).withKeywords(3), Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class ReadingInVersion2 extends ReaderContract {
        ReadingInVersion2() {
            super(VERSION_2.withDepth(3), Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WaitingInVersion2 extends WaitContract {
        WaitingInVersion2() {
            super(VERSION_2, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class RecreatingInVersion2 extends RecreationContract {
        RecreatingInVersion2() {
            super(VERSION_2.withDepth(3), Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class SharingInVersion2 extends ProcessContract {
        SharingInVersion2() {
            super(VERSION_2, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class CountingInVersion2 extends CounterContract {
        CountingInVersion2() {
            super(VERSION_2.withDepth(3), Scratch.inSharedMemory());
        }
    }
}
