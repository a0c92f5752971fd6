package org.shmrt.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    void shouldHaveUniqueNamesAndCodes() {
        for (Function<DataType, Object> property : Arrays.<Function<DataType, Object>>asList(
                DataType::numpyName, DataType::shortName, DataType::npyCode, DataType::numpyTypeNumber)) {
            Map<Object, Long> uses =
                    Arrays.stream(DataType.values()).collect(Collectors.groupingBy(property, Collectors.counting()));

            assertEquals(DataType.values().length, uses.size(), uses::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UINT8, 1, 2, u1",
        "INT8, 1, 1, i1",
        "UINT16, 2, 4, u2",
        "INT16, 2, 3, i2",
        "UINT32, 4, 6, u4",
        "INT32, 4, 5, i4",
        "UINT64, 8, 8, u8",
        "INT64, 8, 7, i8",
        "FLOAT32, 4, 11, f4",
        "FLOAT64, 8, 12, f8",
        "COMPLEX64, 8, 14, c8",
        "COMPLEX128, 16, 15, c16",
        "FLOAT16, 2, 23, f2",
        "BOOL, 1, 0, b1"
    })
    void shouldHaveTheCodesOfNumpy(DataType type, int itemBytes, int numpyTypeNumber, String npyCode) {
        assertEquals(itemBytes, type.itemBytes());
        assertEquals(numpyTypeNumber, type.numpyTypeNumber());
        assertEquals(npyCode, type.npyCode());
    }

    @ParameterizedTest
    @EnumSource
    void shouldParseNamesInAnyCase(DataType type) {
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
        IllegalArgumentException exception = assertThrows(IllegalArgumentException.class, () -> DataType.parse(text));

        assertTrue(exception.getMessage().contains("'" + text + "'"), exception.getMessage());
        assertTrue(exception.getMessage().contains("u16"), exception.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveTheKindThatItsNameSays(DataType type) {
        String name = type.numpyName();

        assertEquals(name.startsWith("complex"), type.isComplex());
        assertEquals(name.startsWith("float") || name.startsWith("complex"), type.isFloating());
        assertEquals(name.startsWith("uint") || name.equals("bool"), type.isUnsigned());
        assertEquals(type.itemBytes(), type.componentBytes() * (type.isComplex() ? 2 : 1));
    }
}
