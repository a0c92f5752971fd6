package org.shmrt.stream.keyword.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.NoSpaceException;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.keyword.Keyword;

/** Keyword tables that end at the first record without a name, as milk's do, in files of milk and pyMilk. */
@Timeout(600)
class KeywordRecordsTest {
    private static final int STRIDE = 128;
    private static final int COUNT_OFFSET = 40;

    private static byte[] golden(String name) {
        try (InputStream file = KeywordRecordsTest.class.getResourceAsStream("/golden/milk/" + name + ".im.shm")) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Allocates memory with the alignment of a mapping. */
    private static MemorySegment shared(byte[] bytes) {
        return Arena.ofAuto().allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
    }

    private static KeywordLayout milk(long offset, int count) {
        return new KeywordLayout(offset, count, STRIDE, 24, 48, COUNT_OFFSET, true);
    }

    private static void edit(MemorySegment file, KeywordLayout layout, Consumer<KeywordEdit> change) {
        KeywordEdit edit = new KeywordEdit(file, layout, "/tmp/x.im.shm");
        change.accept(edit);
        edit.store();
    }

    private static List<String> names(MemorySegment file, KeywordLayout layout) {
        return new KeywordRecords(file, layout)
                .list().stream().map(Keyword::name).toList();
    }

    @Test
    void shouldReadAndRewriteATableOfAMilkProgram() {
        byte[] bytes = golden("kw4_1d_uint8_oddsize");
        KeywordLayout layout = milk(392, 4);
        MemorySegment file = shared(bytes);
        List<Keyword> expected = List.of(
                Keyword.of("nread", -42).withComment("number of reads"),
                Keyword.of("exptime", 0.0125).withComment("seconds"),
                Keyword.of("source", "HD 12345").withComment("target"),
                Keyword.of("sixteen_chars_kw", "0123456789abcdef"));
        assertEquals(expected, new KeywordRecords(file, layout).list());

        file.asSlice(392, 4 * STRIDE).fill((byte) 0);
        edit(file, layout, edit -> expected.forEach(edit::put));

        file.set(
                ValueLayout.JAVA_LONG_UNALIGNED,
                392 + COUNT_OFFSET,
                3); // the number of writes that the program had counted
        assertArrayEquals(bytes, file.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldWriteTheSameRecordsAsPyMilk() {
        byte[] bytes = golden("py_2d_kw_float32");
        KeywordLayout layout = milk(432, 5);
        MemorySegment file = shared(bytes);
        file.asSlice(432, 5 * STRIDE).fill((byte) 0x55);
        edit(
                file,
                layout,
                edit -> edit.replaceAll(List.of(
                        Keyword.of("gamma", "hello").withComment("str"),
                        Keyword.of("alpha", 42),
                        Keyword.of("beta", 1.5).withComment("a comment"))));

        assertArrayEquals(
                Arrays.copyOfRange(bytes, 432, 432 + 3 * STRIDE),
                file.asSlice(432, 3 * STRIDE).toArray(ValueLayout.JAVA_BYTE));
        byte[] rest = file.asSlice(432 + 3 * STRIDE, 2 * STRIDE).toArray(ValueLayout.JAVA_BYTE);
        byte[] created = new byte[2 * STRIDE];
        created[16] = created[STRIDE + 16] = 'N';
        assertArrayEquals(created, rest, "the remaining records are cleared");
    }

    @Test
    void shouldIgnoreRecordsThatALongerListLeftBehind() {
        MemorySegment file = shared(golden("py_2d_kw_reset_float32"));
        KeywordLayout layout = milk(432, 5);
        assertEquals(List.of("only"), names(file, layout));

        edit(file, layout, edit -> edit.put(Keyword.of("next", 1)));

        assertEquals(List.of("only", "next"), names(file, layout));
        for (int i = 2; i < 5; i++) {
            assertEquals(0, file.get(ValueLayout.JAVA_BYTE, 432 + i * STRIDE), "record " + i);
        }
    }

    @Test
    void shouldCloseTheGapOfARemovedKeyword() {
        MemorySegment file = shared(golden("py_2d_kw_float32"));
        KeywordLayout layout = milk(432, 5);
        byte[] gamma = file.asSlice(432 + 2 * STRIDE, STRIDE).toArray(ValueLayout.JAVA_BYTE);

        edit(file, layout, edit -> assertTrue(edit.remove("beta")));

        assertEquals(List.of("alpha", "gamma"), names(file, layout));
        assertArrayEquals(gamma, file.asSlice(432 + STRIDE, STRIDE).toArray(ValueLayout.JAVA_BYTE));
        assertEquals(0, file.get(ValueLayout.JAVA_BYTE, 432 + 2 * STRIDE));
        edit(file, layout, edit -> assertFalse(edit.remove("beta")));
    }

    @Test
    void shouldCountTheWritesOfEachKeyword() {
        MemorySegment file = shared(new byte[3 * STRIDE]);
        KeywordLayout layout = milk(0, 3);

        edit(file, layout, edit -> edit.put(Keyword.of("a", 1)));
        assertEquals(0, file.get(ValueLayout.JAVA_LONG_UNALIGNED, COUNT_OFFSET), "as for a new keyword of pyMilk");
        edit(file, layout, edit -> edit.put(Keyword.of("a", 1).withComment(null)));
        edit(file, layout, edit -> edit.put(Keyword.of("a", "text").withComment(null)));
        assertEquals(2, file.get(ValueLayout.JAVA_LONG_UNALIGNED, COUNT_OFFSET));

        edit(file, layout, edit -> edit.replaceAll(List.of(Keyword.of("a", 5), Keyword.of("A", 6))));
        assertEquals(0, file.get(ValueLayout.JAVA_LONG_UNALIGNED, COUNT_OFFSET));
        assertEquals(
                3,
                file.get(ValueLayout.JAVA_LONG_UNALIGNED, STRIDE + COUNT_OFFSET),
                "the count moves with its keyword");
    }

    @Test
    void shouldRejectMoreKeywordsThanFit() {
        MemorySegment file = shared(golden("kw4_1d_uint8_oddsize"));
        byte[] before = file.toArray(ValueLayout.JAVA_BYTE);

        assertThrows(NoSpaceException.class, () -> edit(file, milk(392, 4), edit -> edit.put(Keyword.of("fifth", 5))));

        assertArrayEquals(before, file.toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 57})
    void shouldWorkAtAnyAlignmentAndWriteOnlyTheTable(int offset) {
        for (KeywordLayout layout : List.of(milk(offset, 6), new KeywordLayout(offset, 6, 120, 24, 40))) {
            int bytes = 6 * layout.stride();
            MemorySegment file = Arena.ofAuto().allocate(offset + bytes + 64L, 8);
            file.fill((byte) 0x77).asSlice(offset, bytes).fill((byte) 0);
            Random random = new Random(offset);
            Map<String, Long> model = new LinkedHashMap<>();
            for (int round = 0; round < 400; round++) {
                String name = "key" + random.nextInt(8);
                long value = random.nextLong();
                if (random.nextInt(3) == 0) {
                    edit(file, layout, edit -> assertEquals(model.remove(name) != null, edit.remove(name)));
                } else if (model.containsKey(name) || model.size() < 6) {
                    edit(file, layout, edit -> edit.put(Keyword.of(name, value).withComment(null)));
                    model.put(name, value);
                } else {
                    assertThrows(
                            NoSpaceException.class,
                            () -> edit(
                                    file,
                                    layout,
                                    edit -> edit.put(Keyword.of(name, value).withComment(null))));
                }
                Map<String, Long> found = new HashMap<>();
                new KeywordRecords(file, layout).list().forEach(kw -> found.put(kw.name(), (Long) kw.value()));
                assertEquals(model, found);
            }
            assertTrue(allAre(file.asSlice(0, offset), 0x77) && allAre(file.asSlice(offset + bytes), 0x77));
        }
    }

    private static boolean allAre(MemorySegment bytes, int value) {
        return bytes.elements(ValueLayout.JAVA_BYTE).allMatch(b -> b.get(ValueLayout.JAVA_BYTE, 0) == value);
    }

    @Test
    void shouldReadAnyBytesSafely() {
        Random random = new Random(20261121L);
        for (int round = 0; round < 500; round++) {
            byte[] noise = new byte[5 * STRIDE];
            random.nextBytes(noise);
            for (int i = 0; i < 5; i++) {
                noise[i * STRIDE + 16] = (byte) "LDSN\0X".charAt(random.nextInt(6));
            }
            MemorySegment file = shared(noise);
            for (KeywordLayout layout : List.of(milk(0, 5), new KeywordLayout(0, 5, 120, 24, 40))) {
                for (Keyword keyword : new KeywordRecords(file, layout).list()) {
                    assertTrue(
                            keyword.name().length() <= 16 && keyword.comment().length() <= 80);
                }
                try {
                    edit(file, layout, edit -> edit.put(Keyword.of("mine", 5).withComment(null)));
                    assertTrue(names(file, layout).contains("mine"));
                } catch (NoSpaceException e) {
                    assertFalse(names(file, layout).contains("mine"));
                }
                edit(file, layout, edit -> edit.remove("mine"));
                assertFalse(names(file, layout).contains("mine"));
            }
        }
    }

    @Test
    void shouldKeepTheBytesOfRecordsThatAreOnlyMoved() {
        MemorySegment file = shared(new byte[3 * STRIDE]);
        KeywordLayout layout = milk(0, 3);
        edit(file, layout, edit -> edit.put(Keyword.of("first", 1)));
        edit(file, layout, edit -> edit.put(Keyword.of("odd", 2).withComment("x")));
        file.set(ValueLayout.JAVA_BYTE, STRIDE + 2, (byte) 0xc3); // an incomplete character, written by another program
        file.set(ValueLayout.JAVA_BYTE, STRIDE + 49, (byte) 0xff);
        byte[] odd = file.asSlice(STRIDE, STRIDE).toArray(ValueLayout.JAVA_BYTE);

        edit(file, layout, edit -> edit.remove("first"));

        assertArrayEquals(odd, file.asSlice(0, STRIDE).toArray(ValueLayout.JAVA_BYTE));
    }
}
