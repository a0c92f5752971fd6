package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;

class DaoTypesTest {
    @ParameterizedTest
    @CsvSource({
        "UINT8, 1",
        "INT8, 2",
        "UINT16, 3",
        "INT16, 4",
        "UINT32, 5",
        "INT32, 6",
        "UINT64, 7",
        "INT64, 8",
        "FLOAT32, 9",
        "FLOAT64, 10",
        "COMPLEX64, 11",
        "COMPLEX128, 12"
    })
    void shouldHaveTheCodesOfTheOriginalHeader(DataType type, int code) {
        assertEquals(code, DaoTypes.code(type));
        assertSame(type, DaoTypes.ofCode(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 13, 14, 20, 255, Integer.MAX_VALUE})
    void shouldFindNoTypeForAnUnknownCode(int code) {
        assertNull(DaoTypes.ofCode(code));
    }

    @Test
    void shouldHaveNoCodeForHalfAndBool() {
        assertEquals(0, DaoTypes.code(DataType.FLOAT16));
        assertEquals(0, DaoTypes.code(DataType.BOOL));
    }
}
