package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.shmrt.bindings.dao.Dao;
import org.shmrt.bindings.dao.dao_image;
import org.shmrt.bindings.dao.dao_image_prefifo;
import org.shmrt.bindings.dao.dao_image_wide;
import org.shmrt.bindings.dao.dao_keyword;
import org.shmrt.memory.DataType;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;

/** Compares the hand-written offsets with those of the C compiler. */
class DaoDescriptorTest {
    @Test
    void shouldHaveTheOffsetsOfTheHeader() {
        List<Long> generated = List.of(
                dao_image.naxis$offset(),
                dao_image.size$offset(),
                dao_image.nelement$offset(),
                dao_image.atype$offset(),
                dao_image.creation_time$offset(),
                dao_image.last_access$offset(),
                dao_image.atime$offset() + Long.BYTES,
                dao_image.shared$offset(),
                dao_image.sem$offset(),
                dao_image.cnt0$offset(),
                dao_image.cnt1$offset(),
                dao_image.cnt2$offset(),
                dao_image.write$offset(),
                dao_image.NBkw$offset());

        assertEquals(generated, actual());
    }

    @Test
    void shouldHaveTheOffsetsOfTheOlderHeader() {
        List<Long> generated = List.of(
                dao_image_prefifo.naxis$offset(),
                dao_image_prefifo.size$offset(),
                dao_image_prefifo.nelement$offset(),
                dao_image_prefifo.atype$offset(),
                dao_image_prefifo.creation_time$offset(),
                dao_image_prefifo.last_access$offset(),
                dao_image_prefifo.atime$offset() + Long.BYTES,
                dao_image_prefifo.shared$offset(),
                dao_image_prefifo.sem$offset(),
                dao_image_prefifo.cnt0$offset(),
                dao_image_prefifo.cnt1$offset(),
                dao_image_prefifo.cnt2$offset(),
                dao_image_prefifo.write$offset(),
                dao_image_prefifo.NBkw$offset());

        assertEquals(generated, actual());
    }

    @Test
    void shouldHaveTheOffsetsOfTheWideHeader() {
        List<Long> generated = List.of(
                dao_image_wide.naxis$offset(),
                dao_image_wide.size$offset(),
                dao_image_wide.nelement$offset(),
                dao_image_wide.atype$offset(),
                dao_image_wide.creation_time$offset(),
                dao_image_wide.last_access$offset(),
                dao_image_wide.atime$offset() + Long.BYTES,
                dao_image_wide.shared$offset(),
                dao_image_wide.sem$offset(),
                dao_image_wide.cnt0$offset(),
                dao_image_wide.cnt1$offset(),
                dao_image_wide.cnt2$offset(),
                dao_image_wide.write$offset(),
                dao_image_wide.NBkw$offset());

        assertEquals(generated, actual());
    }

    /** The document of daoBase (dao.h at cd475085) is the only source, because its programs are not at hand. */
    @Test
    void shouldHaveTheOffsetsOfLayoutVersionTwo() {
        Variant two = Variant.VERSION_2;
        assertEquals(
                List.of(
                        264, 268, 280, 288, 296, 304, 320, 328, 332, 336, 344, 352, 360, 361, 362, 364, 368, 372, 376,
                        384),
                IntStream.of(
                                DaoDescriptor.NAXIS,
                                DaoDescriptor.SIZE,
                                DaoDescriptor.NELEMENT,
                                DaoDescriptor.ATYPE,
                                DaoDescriptor.CREATION_TIME,
                                DaoDescriptor.LAST_ACCESS,
                                DaoDescriptor.ATIME_NS,
                                DaoDescriptor.SHARED,
                                DaoDescriptor.SEM,
                                DaoDescriptor.CNT0,
                                DaoDescriptor.CNT1,
                                DaoDescriptor.CNT2,
                                DaoDescriptor.WRITE,
                                DaoDescriptor.ORDER_MARK,
                                DaoDescriptor.NBKW,
                                DaoDescriptor.LAST_POS,
                                DaoDescriptor.LAST_NB,
                                DaoDescriptor.PACKET_NB,
                                DaoDescriptor.PACKET_TOTAL,
                                DaoDescriptor.LAST_NB_ARRAY)
                        .map(two::at)
                        .boxed()
                        .toList());
        assertEquals(8, two.nameOffset());
        assertEquals(255, two.maxNameBytes());
        assertEquals(2024, two.packets);
        assertEquals(two.fifoSize, two.at(DaoDescriptor.LAST_NB_ARRAY) + 8 * two.packets);
        assertEquals(16580, two.fifoLastWritten());
        assertEquals(16584, two.gpuMagic);
        assertEquals(16608, two.gpuMagic + DaoDescriptor.GPU_FLAGS);
        assertEquals(16632, two.headerBytes);
        assertEquals(16, two.semaphores());
    }

    private static List<Long> actual() {
        return List.of(
                (long) DaoDescriptor.NAXIS,
                (long) DaoDescriptor.SIZE,
                (long) DaoDescriptor.NELEMENT,
                (long) DaoDescriptor.ATYPE,
                (long) DaoDescriptor.CREATION_TIME,
                (long) DaoDescriptor.LAST_ACCESS,
                (long) DaoDescriptor.ATIME_NS,
                (long) DaoDescriptor.SHARED,
                (long) DaoDescriptor.SEM,
                (long) DaoDescriptor.CNT0,
                (long) DaoDescriptor.CNT1,
                (long) DaoDescriptor.CNT2,
                (long) DaoDescriptor.WRITE,
                (long) DaoDescriptor.NBKW);
    }

    @Test
    void shouldHaveTheSizesOfTheHeaders() {
        assertEquals(dao_image.sizeof(), Variant.FIFO.headerBytes);
        assertEquals(dao_image_prefifo.sizeof(), Variant.PRE_FIFO.headerBytes);
        assertEquals(dao_image_wide.sizeof(), Variant.WIDE.headerBytes);
        assertEquals(dao_image.name$layout().byteSize(), DaoDescriptor.NAME_BYTES);
    }

    @Test
    void shouldHaveTheOffsetsOfTheRing() {
        assertEquals(dao_image.fifo_size$offset(), Variant.FIFO.fifoSize);
        assertEquals(dao_image.fifo_last_written$offset(), Variant.FIFO.fifoLastWritten());
        assertEquals(-1, Variant.FIFO.gpuMagic);
        assertEquals(dao_image_wide.fifo_size$offset(), Variant.WIDE.fifoSize);
        assertEquals(dao_image_wide.fifo_last_written$offset(), Variant.WIDE.fifoLastWritten());
        assertEquals(dao_image_wide.gpu_magic$offset(), Variant.WIDE.gpuMagic);
        assertEquals(-1, Variant.PRE_FIFO.fifoLastWritten());
    }

    @Test
    void shouldStoreItsMarkInUnusedPadding() {
        long afterFlag = dao_image.write$offset() + dao_image.write$layout().byteSize();

        assertEquals(afterFlag, DaoDescriptor.ORDER_MARK);
        assertEquals(dao_image.NBkw$offset(), DaoDescriptor.ORDER_MARK + 1);
    }

    @Test
    void shouldHaveTheOffsetsOfAKeyword() {
        assertEquals(dao_keyword.sizeof(), DaoDescriptor.KEYWORD_BYTES);
        assertEquals(dao_keyword.type$offset(), DaoDescriptor.KEYWORD_TYPE);
        assertEquals(dao_keyword.value$offset(), DaoDescriptor.KEYWORD_VALUE);
        assertEquals(dao_keyword.comment$offset(), DaoDescriptor.KEYWORD_COMMENT);
        assertEquals(0, dao_keyword.name$offset());
    }

    @Test
    void shouldHaveTheConstantsOfTheHeader() {
        assertEquals(Dao.DAO_SEMAPHORES(), DaoDescriptor.SEMAPHORES);
        assertEquals(Dao.DAO_SEMAPHORE_CAP(), DaoDescriptor.SEMAPHORE_CAP);
        assertEquals(
                List.of(
                        Dao.DAO_TYPE_UINT8(),
                        Dao.DAO_TYPE_INT8(),
                        Dao.DAO_TYPE_UINT16(),
                        Dao.DAO_TYPE_INT16(),
                        Dao.DAO_TYPE_UINT32(),
                        Dao.DAO_TYPE_INT32(),
                        Dao.DAO_TYPE_UINT64(),
                        Dao.DAO_TYPE_INT64(),
                        Dao.DAO_TYPE_FLOAT(),
                        Dao.DAO_TYPE_DOUBLE(),
                        Dao.DAO_TYPE_COMPLEX(),
                        Dao.DAO_TYPE_DCOMPLEX()),
                java.util.Arrays.stream(DataType.values())
                        .map(DaoTypes::code)
                        .filter(code -> code > 0)
                        .toList());
    }
}
