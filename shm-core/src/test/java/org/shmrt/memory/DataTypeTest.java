package org.shmrt.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataTypeTest {
    @Test
    void shouldGiveEachTypeUniqueNamesAndCodes() {
        for (Function<DataType, Object> property : Arrays.<Function<DataType, Object>>asList(
                DataType::numpyName,
                DataType::shortName,
                DataType::npyCode,
                DataType::numpyTypeNumber,
                DataType::milkCode)) {
            Map<Object, Long> uses =
                    Arrays.stream(DataType.values()).collect(Collectors.groupingBy(property, Collectors.counting()));

            assertEquals(DataType.values().length, uses.size(), uses::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UINT8, 1, 1, 1, 2, u1",
        "INT8, 1, 2, 2, 1, i1",
        "UINT16, 2, 3, 3, 4, u2",
        "INT16, 2, 4, 4, 3, i2",
        "UINT32, 4, 5, 5, 6, u4",
        "INT32, 4, 6, 6, 5, i4",
        "UINT64, 8, 7, 7, 8, u8",
        "INT64, 8, 8, 8, 7, i8",
        "FLOAT32, 4, 9, 9, 11, f4",
        "FLOAT64, 8, 10, 10, 12, f8",
        "COMPLEX64, 8, 11, 11, 14, c8",
        "COMPLEX128, 16, 12, 12, 15, c16",
        "FLOAT16, 2, -1, 13, 23, f2",
        "BOOL, 1, -1, -1, 0, b1"
    })
    void shouldHaveTheCodesOfTheOriginalHeaders(
            DataType type, int itemBytes, int daoCode, int milkCode, int numpyTypeNumber, String npyCode) {
        assertEquals(itemBytes, type.itemBytes());
        assertEquals(daoCode, type.daoCode());
        assertEquals(milkCode, type.milkCode());
        assertEquals(numpyTypeNumber, type.numpyTypeNumber());
        assertEquals(npyCode, type.npyCode());
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeFoundByItsCodes(DataType type) {
        if (type.daoCode() != DataType.NO_CODE) {
            assertSame(type, DataType.ofDaoCode(type.daoCode()));
        }
        if (type.milkCode() != DataType.NO_CODE) {
            assertSame(type, DataType.ofMilkCode(type.milkCode()));
        }
    }

    @Test
    void shouldFindNoTypeForAnUnknownCode() {
        for (int code : new int[] {Integer.MIN_VALUE, -1, 0, 14, 20, 255, Integer.MAX_VALUE}) {
            assertNull(DataType.ofDaoCode(code), () -> "dao " + code);
            assertNull(DataType.ofMilkCode(code), () -> "milk " + code);
        }
        assertNull(DataType.ofDaoCode(13), "only milk has half precision");
    }

    @ParameterizedTest
    @EnumSource
    void shouldParseItsOwnNamesInAnyCase(DataType type) {
        assertSame(type, DataType.parse(type.numpyName()));
        assertSame(type, DataType.parse(type.shortName()));
        assertSame(type, DataType.parse(" " + type.numpyName().toUpperCase(java.util.Locale.ROOT) + "\t"));
        assertEquals(type.numpyName(), type.toString());
    }

    @ParameterizedTest
    @CsvSource({"u8, UINT8", "i8, INT8", "u16, UINT16", "half, FLOAT16", "float, FLOAT32", "double, FLOAT64"})
    void shouldParseShortNamesAsBitCounts(String text, DataType expected) {
        assertSame(expected, DataType.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uint17", "u2", "f4", "uint 16", "object", "<u2"})
    void shouldListTheTypesWhenOneIsUnknown(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> DataType.parse(text));

        assertTrue(refusal.getMessage().contains("'" + text + "'"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("u16"), refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveTheKindOfItsName(DataType type) {
        String name = type.numpyName();

        assertEquals(name.startsWith("complex"), type.isComplex());
        assertEquals(name.startsWith("float") || name.startsWith("complex"), type.isFloating());
        assertEquals(name.startsWith("uint") || name.equals("bool"), type.isUnsigned());
        assertEquals(type.itemBytes(), type.componentBytes() * (type.isComplex() ? 2 : 1));
    }
}
