package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.bindings.sharedarray.SharedArrays;
import org.shmrt.bindings.sharedarray.shared_array_160;
import org.shmrt.bindings.sharedarray.shared_array_288;
import org.shmrt.bindings.sharedarray.shared_array_292;
import org.shmrt.bindings.sharedarray.shared_array_548;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Offsets, type numbers and header versions, compared with those of generated C bindings. */
class ArrayMetadataTest {
    private static List<Long> ours(HeaderVersion version) {
        return List.of(
                (long) version.recordBytes(),
                (long) ArrayMetadata.SIZE,
                (long) ArrayMetadata.TYPE_NUMBER,
                (long) ArrayMetadata.axisCountOffset(version),
                (long) ArrayMetadata.axesOffset(version),
                ArrayMetadata.axesOffset(version) + version.maxAxes() * 8L);
    }

    @Test
    void shouldHaveTheOffsetsOfEachHeaderVersion() {
        assertEquals(
                List.of(
                        shared_array_160.sizeof(),
                        shared_array_160.size$offset(),
                        shared_array_160.typenum$offset(),
                        shared_array_160.ndims$offset(),
                        shared_array_160.dims$offset(),
                        shared_array_160.sizeof()),
                ours(HeaderVersion.TRAILER_160));
        assertEquals(ours(HeaderVersion.TRAILER_160), ours(HeaderVersion.HEADER_160));
        assertEquals(
                List.of(
                        shared_array_288.sizeof(),
                        shared_array_288.size$offset(),
                        shared_array_288.typenum$offset(),
                        shared_array_288.ndims$offset(),
                        shared_array_288.dims$offset(),
                        shared_array_288.sizeof()),
                ours(HeaderVersion.TRAILER_288));
        assertEquals(
                List.of(
                        shared_array_292.sizeof(),
                        shared_array_292.size$offset(),
                        shared_array_292.typenum$offset(),
                        shared_array_292.ndims$offset(),
                        shared_array_292.dims$offset(),
                        shared_array_292.sizeof()),
                ours(HeaderVersion.TRAILER_292));
        assertEquals(
                List.of(
                        shared_array_548.sizeof(),
                        shared_array_548.size$offset(),
                        shared_array_548.typenum$offset(),
                        shared_array_548.ndims$offset(),
                        shared_array_548.dims$offset(),
                        shared_array_548.sizeof()),
                ours(HeaderVersion.TRAILER_548));
        assertEquals(ArrayMetadata.ITEM_SIZE, shared_array_292.itemsize$offset());
        assertEquals(ArrayMetadata.ITEM_SIZE, shared_array_548.itemsize$offset());
    }

    @Test
    void shouldHaveTheTypeNumbersOfNumpy() {
        assertEquals(
                List.of(
                        SharedArrays.NUMPY_BOOL(),
                        SharedArrays.NUMPY_LONG(),
                        SharedArrays.NUMPY_ULONG(),
                        SharedArrays.NUMPY_HALF(),
                        SharedArrays.NUMPY_CDOUBLE(),
                        SharedArrays.NUMPY_LONGDOUBLE(),
                        SharedArrays.NUMPY_CLONGDOUBLE(),
                        SharedArrays.NUMPY_DATETIME(),
                        SharedArrays.NUMPY_TIMEDELTA(),
                        SharedArrays.NUMPY_STRING(),
                        SharedArrays.NUMPY_UNICODE(),
                        SharedArrays.NUMPY_VOID()),
                List.of(
                        ArrayType.of(DataType.BOOL).typeNumber(),
                        ArrayType.of(DataType.INT64).typeNumber(),
                        ArrayType.of(DataType.UINT64).typeNumber(),
                        ArrayType.of(DataType.FLOAT16).typeNumber(),
                        ArrayType.of(DataType.COMPLEX128).typeNumber(),
                        ArrayType.LONG_DOUBLE.typeNumber(),
                        ArrayType.COMPLEX_LONG_DOUBLE.typeNumber(),
                        ArrayType.DATETIME64.typeNumber(),
                        ArrayType.TIMEDELTA64.typeNumber(),
                        ArrayType.bytes(3).typeNumber(),
                        ArrayType.unicode(3).typeNumber(),
                        ArrayType.structure(3).typeNumber()));
        assertEquals(Optional.of(DataType.INT64), new ArrayType(SharedArrays.NUMPY_LONGLONG(), 8).dataType());
        assertEquals(Optional.of(DataType.UINT64), new ArrayType(SharedArrays.NUMPY_ULONGLONG(), 8).dataType());
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void shouldConvertEachDataTypeAndBack(DataType type) {
        ArrayType array = ArrayType.of(type);

        assertEquals(Optional.of(type), array.dataType());
        assertEquals(type.itemBytes(), array.itemBytes());
        assertEquals(type.numpyName(), array.numpyName());
        assertEquals(array, ArrayType.parse(type.shortName()));
    }

    @ParameterizedTest
    @CsvSource({
        "S12, |S12, 12",
        "U3, <U3, 12",
        "V24, |V24, 24",
        "<U1, <U1, 4",
        "datetime64, <M8, 8",
        "timedelta64, <m8, 8",
        "longdouble, <f16, 16",
        "float128, <f16, 16",
        "clongdouble, <c32, 32"
    })
    void shouldDescribeTypesThatAreAccessibleAsBytes(String word, String description, int itemBytes) {
        ArrayType type = ArrayType.parse(word);

        assertEquals(Optional.empty(), type.dataType());
        assertEquals(description, type.npyDescription());
        assertEquals(itemBytes, type.itemBytes());
        assertEquals(type, ArrayType.parse(type.numpyName()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"O", "S", "S0", "U-1", "object", "U999999999", "V9999999999", "", "T"})
    void shouldRejectUnknownTypes(String word) {
        assertThrows(IllegalArgumentException.class, () -> ArrayType.parse(word));
    }

    @ParameterizedTest
    @CsvSource({
        "292, TRAILER_292",
        "trailer-548, TRAILER_548",
        "160, TRAILER_160",
        "header-160, HEADER_160",
        "Trailer-288, TRAILER_288"
    })
    void shouldParseHeaderVersions(String word, HeaderVersion version) {
        assertEquals(version, HeaderVersion.parse(word));
        assertThrows(IllegalArgumentException.class, () -> HeaderVersion.parse(word + "1"));
    }

    @Test
    void shouldReportWhatAHeaderVersionCannotStore() {
        Shape many = Shape.parse("1x".repeat(32) + "2");

        IllegalArgumentException axes = assertThrows(
                IllegalArgumentException.class,
                () -> ArraySpec.of(DataType.INT8, many).withHeaderVersion(HeaderVersion.TRAILER_292));
        IllegalArgumentException text = assertThrows(
                IllegalArgumentException.class,
                () -> ArraySpec.of(ArrayType.unicode(3), Shape.of(2)).withHeaderVersion(HeaderVersion.TRAILER_288));
        IllegalArgumentException size = assertThrows(
                IllegalArgumentException.class, () -> ArraySpec.of(DataType.INT64, Shape.of(1L << 31, 1L << 31)));

        assertTrue(axes.getMessage().contains("33 axes"), axes.getMessage());
        assertTrue(text.getMessage().contains("use trailer-292"), text.getMessage());
        assertTrue(size.getMessage().contains("63 bits"), size.getMessage());
        assertEquals(
                HeaderVersion.TRAILER_548, ArraySpec.of(DataType.INT8, many).headerVersion());
    }
}
