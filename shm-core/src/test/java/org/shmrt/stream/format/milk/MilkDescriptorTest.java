package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.shmrt.bindings.milk.Milk;
import org.shmrt.bindings.milk.milk_circular_record;
import org.shmrt.bindings.milk.milk_image;
import org.shmrt.bindings.milk.milk_image_dao_compat;
import org.shmrt.bindings.milk.milk_image_writehistory;
import org.shmrt.bindings.milk.milk_keyword;
import org.shmrt.bindings.milk.milk_proctrace;
import org.shmrt.bindings.milk.milk_write_record;
import org.shmrt.memory.DataType;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;

/** Compares the hand-written offsets with those of the C compiler. */
class MilkDescriptorTest {
    @Test
    void shouldHaveTheOffsetsOfTheDefaultHeader() {
        List<Long> generated = List.of(
                milk_image.version$offset(),
                milk_image.name$offset(),
                milk_image.naxis$offset(),
                milk_image.size$offset(),
                milk_image.nelement$offset(),
                milk_image.datatype$offset(),
                milk_image.imagetype$offset(),
                milk_image.creationtime$offset(),
                milk_image.lastaccesstime$offset(),
                milk_image.atime$offset(),
                milk_image.writetime$offset(),
                milk_image.creatorPID$offset(),
                milk_image.shared$offset(),
                milk_image.inode$offset(),
                milk_image.location$offset(),
                milk_image.sem$offset(),
                milk_image.NBproctrace$offset(),
                milk_image.cnt0$offset(),
                milk_image.cnt1$offset(),
                milk_image.cnt2$offset(),
                milk_image.write$offset(),
                milk_image.NBkw$offset(),
                milk_image.CBsize$offset(),
                milk_image.CBindex$offset(),
                milk_image.CBcycle$offset());

        assertEquals(generated, actual());
        assertEquals(milk_image.imdatamemsize$offset(), Variant.DEFAULT.dataBytes);
    }

    @Test
    void shouldHaveTheOffsetsOfTheHeaderWithPackets() {
        List<Long> generated = List.of(
                milk_image_dao_compat.version$offset(),
                milk_image_dao_compat.name$offset(),
                milk_image_dao_compat.naxis$offset(),
                milk_image_dao_compat.size$offset(),
                milk_image_dao_compat.nelement$offset(),
                milk_image_dao_compat.datatype$offset(),
                milk_image_dao_compat.imagetype$offset(),
                milk_image_dao_compat.creationtime$offset(),
                milk_image_dao_compat.lastaccesstime$offset(),
                milk_image_dao_compat.atime$offset(),
                milk_image_dao_compat.writetime$offset(),
                milk_image_dao_compat.creatorPID$offset(),
                milk_image_dao_compat.shared$offset(),
                milk_image_dao_compat.inode$offset(),
                milk_image_dao_compat.location$offset(),
                milk_image_dao_compat.sem$offset(),
                milk_image_dao_compat.NBproctrace$offset(),
                milk_image_dao_compat.cnt0$offset(),
                milk_image_dao_compat.cnt1$offset(),
                milk_image_dao_compat.cnt2$offset(),
                milk_image_dao_compat.write$offset(),
                milk_image_dao_compat.NBkw$offset(),
                milk_image_dao_compat.CBsize$offset(),
                milk_image_dao_compat.CBindex$offset(),
                milk_image_dao_compat.CBcycle$offset());

        assertEquals(generated, actual());
        assertEquals(milk_image_dao_compat.imdatamemsize$offset(), Variant.DAO_COMPAT.dataBytes);
        assertEquals(milk_image_dao_compat.lastPos$offset(), MilkDescriptor.PACKETS);
        assertEquals(milk_image_dao_compat.packetTotal$offset(), MilkDescriptor.PACKETS + 12);
        assertEquals(milk_image_dao_compat.lastNbArray$offset(), MilkDescriptor.PACKETS + 16);
        assertEquals(milk_image_dao_compat.lastNbArray$layout().elementCount(), MilkDescriptor.PACKET_IDS);
    }

    @Test
    void shouldHaveTheOffsetsOfTheHeaderWithAWriteHistory() {
        List<Long> generated = List.of(
                milk_image_writehistory.version$offset(),
                milk_image_writehistory.name$offset(),
                milk_image_writehistory.naxis$offset(),
                milk_image_writehistory.size$offset(),
                milk_image_writehistory.nelement$offset(),
                milk_image_writehistory.datatype$offset(),
                milk_image_writehistory.imagetype$offset(),
                milk_image_writehistory.creationtime$offset(),
                milk_image_writehistory.lastaccesstime$offset(),
                milk_image_writehistory.atime$offset(),
                milk_image_writehistory.writetime$offset(),
                milk_image_writehistory.creatorPID$offset(),
                milk_image_writehistory.shared$offset(),
                milk_image_writehistory.inode$offset(),
                milk_image_writehistory.location$offset(),
                milk_image_writehistory.sem$offset(),
                milk_image_writehistory.NBproctrace$offset(),
                milk_image_writehistory.cnt0$offset(),
                milk_image_writehistory.cnt1$offset(),
                milk_image_writehistory.cnt2$offset(),
                milk_image_writehistory.write$offset(),
                milk_image_writehistory.NBkw$offset(),
                milk_image_writehistory.CBsize$offset(),
                milk_image_writehistory.CBindex$offset(),
                milk_image_writehistory.CBcycle$offset());

        assertEquals(generated, actual());
        assertEquals(milk_image_writehistory.imdatamemsize$offset(), Variant.WRITE_HISTORY.dataBytes);
        assertEquals(milk_image_writehistory.wCBindex$offset(), MilkDescriptor.WRITE_INDEX);
        assertEquals(milk_image_writehistory.wCBcycle$offset(), MilkDescriptor.WRITE_CYCLE);
    }

    private static List<Long> actual() {
        return List.of(
                0L,
                (long) MilkDescriptor.NAME,
                (long) MilkDescriptor.NAXIS,
                (long) MilkDescriptor.SIZE,
                (long) MilkDescriptor.NELEMENT,
                (long) MilkDescriptor.DATATYPE,
                (long) MilkDescriptor.IMAGETYPE,
                (long) MilkDescriptor.CREATION_TIME,
                (long) MilkDescriptor.LAST_ACCESS_TIME,
                (long) MilkDescriptor.ATIME,
                (long) MilkDescriptor.WRITE_TIME,
                (long) MilkDescriptor.CREATOR_PID,
                (long) MilkDescriptor.SHARED,
                (long) MilkDescriptor.INODE,
                (long) MilkDescriptor.LOCATION,
                (long) MilkDescriptor.SEM,
                (long) MilkDescriptor.NBPROCTRACE,
                (long) MilkDescriptor.CNT0,
                (long) MilkDescriptor.CNT1,
                (long) MilkDescriptor.CNT2,
                (long) MilkDescriptor.WRITE,
                (long) MilkDescriptor.NBKW,
                (long) MilkDescriptor.CBSIZE,
                (long) MilkDescriptor.CBINDEX,
                (long) MilkDescriptor.CBCYCLE);
    }

    @Test
    void shouldHaveTheSizesOfTheHeaders() {
        assertEquals(milk_image.sizeof(), Variant.DEFAULT.headerBytes);
        assertEquals(milk_image_dao_compat.sizeof(), Variant.DAO_COMPAT.headerBytes);
        assertEquals(milk_image_writehistory.sizeof(), Variant.WRITE_HISTORY.headerBytes);
        assertEquals(milk_image.version$layout().byteSize(), MilkDescriptor.VERSION_BYTES);
        assertEquals(milk_image.name$layout().byteSize(), MilkDescriptor.NAME_BYTES);
    }

    @Test
    void shouldStoreItsMarkInUnusedPadding() {
        long afterFlag = milk_image.write$offset() + milk_image.write$layout().byteSize();

        assertEquals(afterFlag, MilkDescriptor.ORDER_MARK);
        assertEquals(milk_image.NBkw$offset(), MilkDescriptor.ORDER_MARK + 1);
    }

    @Test
    void shouldHaveTheOffsetsOfAKeyword() {
        assertEquals(milk_keyword.sizeof(), MilkDescriptor.KEYWORD_BYTES);
        assertEquals(0, milk_keyword.name$offset());
        assertEquals(milk_keyword.type$offset(), MilkDescriptor.KEYWORD_TYPE);
        assertEquals(milk_keyword.value$offset(), MilkDescriptor.KEYWORD_VALUE);
        assertEquals(milk_keyword.cnt$offset(), MilkDescriptor.KEYWORD_COUNT);
        assertEquals(milk_keyword.comment$offset(), MilkDescriptor.KEYWORD_COMMENT);
    }

    @Test
    void shouldHaveTheSizesOfTheRecords() {
        assertEquals(milk_proctrace.sizeof(), MilkRecords.TRACE_BYTES);
        assertEquals(
                milk_proctrace.trigsemindex$offset(), MilkRecords.traces(0, 1).semaphoreOffset());
        assertEquals(milk_circular_record.sizeof(), MilkRecords.CIRCULAR_BYTES);
        assertEquals(
                List.of(0L, 8L, 16L, 32L),
                List.of(
                        milk_circular_record.cnt0$offset(),
                        milk_circular_record.cnt1$offset(),
                        milk_circular_record.atime$offset(),
                        milk_circular_record.writetime$offset()));
        assertEquals(milk_write_record.sizeof(), MilkRecords.WRITE_BYTES);
        assertEquals(
                List.of(0L, 8L, 16L),
                List.of(
                        milk_write_record.cnt0$offset(),
                        milk_write_record.pid$offset(),
                        milk_write_record.writetime$offset()));
    }

    @Test
    void shouldHaveTheConstantsOfTheHeader() {
        assertEquals(Milk.MILK_SEMAPHORES(), MilkDescriptor.SEMAPHORES);
        assertEquals(Milk.MILK_SEMAPHORE_CAP(), MilkDescriptor.SEMAPHORE_CAP);
        assertEquals(Milk.MILK_PROCTRACES(), MilkDescriptor.PROCESS_TRACES);
        assertEquals(Milk.MILK_WRITE_HISTORY(), MilkDescriptor.WRITE_RECORDS);
        assertEquals(Milk.MILK_LOCATION_CPU(), MilkDescriptor.LOCATION_CPU);
        assertEquals(Milk.MILK_IMAGE_CIRCULAR(), MilkDescriptor.TYPE_CIRCULAR);
        assertEquals(Milk.MILK_IMAGE_MATH(), MilkDescriptor.TYPE_MATH);
        assertEquals(Milk.MILK_AXIS_TEMPORAL(), MilkDescriptor.AXIS_TEMPORAL);
        assertEquals(Milk.MILK_AXIS_MASK(), MilkDescriptor.AXIS_MASK);
    }

    @Test
    void shouldHaveTheTypeCodesOfTheHeader() {
        assertEquals(
                List.of(
                        Milk.MILK_TYPE_UINT8(),
                        Milk.MILK_TYPE_INT8(),
                        Milk.MILK_TYPE_UINT16(),
                        Milk.MILK_TYPE_INT16(),
                        Milk.MILK_TYPE_UINT32(),
                        Milk.MILK_TYPE_INT32(),
                        Milk.MILK_TYPE_UINT64(),
                        Milk.MILK_TYPE_INT64(),
                        Milk.MILK_TYPE_FLOAT(),
                        Milk.MILK_TYPE_DOUBLE(),
                        Milk.MILK_TYPE_COMPLEX_FLOAT(),
                        Milk.MILK_TYPE_COMPLEX_DOUBLE(),
                        Milk.MILK_TYPE_HALF()),
                Arrays.stream(DataType.values())
                        .map(MilkTypes::code)
                        .filter(code -> code > 0)
                        .sorted()
                        .toList());
        assertEquals(Milk.MILK_TYPE_HALF(), MilkTypes.code(DataType.FLOAT16));
        assertEquals(Milk.MILK_TYPE_UINT16(), MilkTypes.code(DataType.UINT16));
        assertEquals(Milk.MILK_TYPE_COMPLEX_DOUBLE(), MilkTypes.code(DataType.COMPLEX128));
    }
}
