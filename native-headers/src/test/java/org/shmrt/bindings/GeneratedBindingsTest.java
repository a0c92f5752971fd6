package org.shmrt.bindings;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.bindings.dao.dao_image;
import org.shmrt.bindings.dao.dao_image_prefifo;
import org.shmrt.bindings.dao.dao_image_wide;
import org.shmrt.bindings.dao.dao_keyword;
import org.shmrt.bindings.milk.milk_circular_record;
import org.shmrt.bindings.milk.milk_image;
import org.shmrt.bindings.milk.milk_image_dao_compat;
import org.shmrt.bindings.milk.milk_image_writehistory;
import org.shmrt.bindings.milk.milk_keyword;
import org.shmrt.bindings.milk.milk_proctrace;
import org.shmrt.bindings.milk.milk_write_record;
import org.shmrt.bindings.posix.sem_t;
import org.shmrt.bindings.sharedarray.shared_array_160;
import org.shmrt.bindings.sharedarray.shared_array_288;
import org.shmrt.bindings.sharedarray.shared_array_292;
import org.shmrt.bindings.sharedarray.shared_array_548;

/** Checks of the generated Java that need no compiler. */
class GeneratedBindingsTest {

    @ParameterizedTest
    @EnumSource
    void shouldAgreeWithTheCheckedInProbe(Bindings bindings) {
        assertEquals(List.of(), Bindings.differences(ProbeTable.facts(bindings), bindings.facts()));
    }

    @ParameterizedTest(name = "{0}: {1} bytes")
    @MethodSource("sizesOfTheFormats")
    void shouldHaveTheSizesOfTheFormats(String what, long expectedBytes, long generatedBytes) {
        assertEquals(expectedBytes, generatedBytes, what);
    }

    static Stream<Arguments> sizesOfTheFormats() {
        return Stream.of(
                Arguments.of("DAO slot", 4304, dao_image.sizeof()),
                Arguments.of("DAO slot before FIFO", 4296, dao_image_prefifo.sizeof()),
                Arguments.of("DAO wide slot", 16448, dao_image_wide.sizeof()),
                Arguments.of("DAO keyword", 120, dao_keyword.sizeof()),
                Arguments.of("milk metadata", 384, milk_image.sizeof()),
                Arguments.of("milk metadata, DAO_COMPAT", 4496, milk_image_dao_compat.sizeof()),
                Arguments.of("milk metadata, write history", 400, milk_image_writehistory.sizeof()),
                Arguments.of("milk keyword", 128, milk_keyword.sizeof()),
                Arguments.of("milk process trace", 64, milk_proctrace.sizeof()),
                Arguments.of("milk circular buffer record", 48, milk_circular_record.sizeof()),
                Arguments.of("milk write history record", 32, milk_write_record.sizeof()),
                Arguments.of("SharedArray block, 16 dims", 160, shared_array_160.sizeof()),
                Arguments.of("SharedArray block, 32 dims", 288, shared_array_288.sizeof()),
                Arguments.of("SharedArray block, item size and 32 dims", 292, shared_array_292.sizeof()),
                Arguments.of("SharedArray block, item size and 64 dims", 548, shared_array_548.sizeof()),
                Arguments.of("glibc semaphore", 32, sem_t.sizeof()));
    }

    /** The offsets by which the formats are distinguished and read, from the descriptions of the formats. */
    @Test
    void shouldPlaceTheFieldsThatReadersRelyOnWhereTheFormatsHaveThem() {
        assertAll(
                () -> assertEquals(148, dao_image.sem$offset()),
                () -> assertEquals(152, dao_image.cnt0$offset()),
                () -> assertEquals(176, dao_image.write$offset()),
                () -> assertEquals(200, dao_image.lastNbArray$offset()),
                () -> assertEquals(4296, dao_image.fifo_size$offset()),
                () -> assertEquals(4300, dao_image.fifo_last_written$offset()),
                () -> assertEquals(16392, dao_image_wide.fifo_size$offset()),
                () -> assertEquals(16400, dao_image_wide.gpu_magic$offset()),
                () -> assertEquals(16440, dao_image_wide.gpu_id$offset()),
                () -> assertEquals(24, dao_keyword.value$offset()),
                () -> assertEquals(232, milk_image.inode$offset()),
                () -> assertEquals(264, milk_image.cnt0$offset()),
                () -> assertEquals(288, milk_image.write$offset()),
                () -> assertEquals(312, milk_image.imdatamemsize$offset()),
                () -> assertEquals(400, milk_image_dao_compat.lastNbArray$offset()),
                () -> assertEquals(328, milk_image_writehistory.imdatamemsize$offset()),
                () -> assertEquals(48, milk_keyword.comment$offset()),
                () -> assertEquals(56, milk_proctrace.cnt0$offset()),
                () -> assertEquals(28, shared_array_160.ndims$offset()),
                () -> assertEquals(32, shared_array_292.ndims$offset()),
                () -> assertEquals(36, shared_array_548.dims$offset()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadAndWriteEveryFieldInItsOwnPlace(Bindings bindings) {
        assertEquals(List.of(), bindings.misplacedAccessors());
    }

    @Test
    void shouldFindEveryFunctionInTheLibrariesThatTheLinkerAlwaysSees() {
        SymbolLookup libraries = Linker.nativeLinker().defaultLookup();
        List<String> functions = Bindings.POSIX.functions();

        List<String> missing = functions.stream()
                .filter(name -> libraries.find(name).isEmpty())
                .toList();

        assertFalse(functions.isEmpty());
        assertEquals(List.of(), missing);
    }
}
