package org.shmrt.stream.format.milk;

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

/**
 * The stream contracts for milk: the default layout of the library, that of its version 2.01, and the extensions of its
 * other builds.
 */
class MilkStreamTest {
    private static final StreamSpec DEFAULT_BUILD = StreamSpec.milk(DataType.UINT16, Shape.of(32, 64));
    private static final StreamSpec NEWER = DEFAULT_BUILD.withVariant("2.01");
    private static final StreamSpec CIRCULAR =
            DEFAULT_BUILD.withVariant("2.00-writehistory").withCircularBuffer(4).withKeywords(3);
    private static final StreamSpec CUBE =
            StreamSpec.milk(DataType.UINT16, Shape.of(4, 8, 64)).asRollingCube().withVariant("2.00-dao-compat");

    @Nested
    class WritingOneFrame extends WriterContract {
        WritingOneFrame() {
            super(DEFAULT_BUILD, Scratch.inTmp());
        }
    }

    @Nested
    class WritingThroughABuffer extends WriterContract {
        WritingThroughABuffer() {
            super(CIRCULAR, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WritingACube extends WriterContract {
        WritingACube() {
            super(CUBE, Scratch.inSharedMemory());
        }
    }

    @Nested
    class ReadingOneFrame extends ReaderContract {
        ReadingOneFrame() {
            super(DEFAULT_BUILD, Scratch.inTmp());
        }
    }

    @Nested
    @Tag("slow")
    class ReadingBesideABuffer extends ReaderContract {
        ReadingBesideABuffer() {
            super(CIRCULAR, Scratch.inSharedMemory());
        }
    }

    @Nested
    class WaitingForOneFrame extends WaitContract {
        WaitingForOneFrame() {
            super(DEFAULT_BUILD, Scratch.inTmp());
        }
    }

    @Nested
    @Tag("slow")
    class WaitingBesideABuffer extends WaitContract {
        WaitingBesideABuffer() {
            super(CIRCULAR, Scratch.inSharedMemory());
        }
    }

    @Nested
    class RecreatingOneFrame extends RecreationContract {
        RecreatingOneFrame() {
            super(DEFAULT_BUILD, Scratch.inTmp());
        }
    }

    @Nested
    class RecreatingMoreFrames extends RecreationContract {
        RecreatingMoreFrames() {
            super(CIRCULAR, Scratch.inSharedMemory());
        }
    }

    @Nested
    class SharingOneFrame extends ProcessContract {
        SharingOneFrame() {
            super(DEFAULT_BUILD, Scratch.inSharedMemory());
        }
    }

    @Nested
    class SharingThroughABuffer extends ProcessContract {
        SharingThroughABuffer() {
            super(CIRCULAR, Scratch.inSharedMemory());
        }
    }

    @Nested
    class SharingACube extends ProcessContract {
        SharingACube() {
            super(CUBE, Scratch.inSharedMemory());
        }
    }

    @Nested
    class CountingOneFrame extends CounterContract {
        CountingOneFrame() {
            super(DEFAULT_BUILD, Scratch.inTmp());
        }
    }

    @Nested
    class CountingBesideABuffer extends CounterContract {
        CountingBesideABuffer() {
            super(CIRCULAR, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WritingOneFrameOfVersion201 extends WriterContract {
        WritingOneFrameOfVersion201() {
            super(NEWER, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class ReadingOneFrameOfVersion201 extends ReaderContract {
        ReadingOneFrameOfVersion201() {
            super(NEWER, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class WaitingOneFrameOfVersion201 extends WaitContract {
        WaitingOneFrameOfVersion201() {
            super(NEWER, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class RecreatingOneFrameOfVersion201 extends RecreationContract {
        RecreatingOneFrameOfVersion201() {
            super(NEWER, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class SharingOneFrameOfVersion201 extends ProcessContract {
        SharingOneFrameOfVersion201() {
            super(NEWER, Scratch.inSharedMemory());
        }
    }

    @Nested
    @Tag("slow")
    class CountingOneFrameOfVersion201 extends CounterContract {
        CountingOneFrameOfVersion201() {
            super(NEWER, Scratch.inSharedMemory());
        }
    }
}
