package org.shmrt.stream.keyword;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Keywords of DAO streams: every rule of the table, and the resulting bytes. */
@Timeout(600)
class KeywordTableTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private ImageStream create(int room) {
        return ImageStream.create(
                scratch.stream("kw" + room),
                StreamSpec.dao(DataType.FLOAT32, Shape.of(3, 4)).withKeywords(room));
    }

    private static List<String> names(ImageStream stream) {
        return stream.keywordTable().list().stream().map(Keyword::name).toList();
    }

    private static byte[] region(ImageStream stream) {
        return region(stream.path(), stream.layout().keywords().offset());
    }

    private static byte[] region(Path path, long offset) {
        try {
            byte[] file = Files.readAllBytes(path);
            return Arrays.copyOfRange(file, (int) offset, file.length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Keyword> original() {
        return List.of(
                Keyword.of("exptime", 0.0125).withComment("seconds"),
                Keyword.of("nread", -42).withComment("number of reads"),
                Keyword.of("source", "HD 12345").withComment("target"),
                Keyword.of("fullstr", "0123456789abcdef").withComment("16 bytes, no NUL"));
    }

    @ParameterizedTest
    @CsvSource({"kw6_2d_float32, 6", "kw4_fifo3_unaligned_uint8, 4"})
    void shouldWriteTheSameBytesAsADaoProgram(String name, int room) {
        Golden golden = Golden.named("dao", name);
        Path path = golden.copyTo(scratch.stream(name));
        byte[] expected = region(path, golden.number("layout", "keywords_offset"));
        try (ImageStream stream = ImageStream.open(path)) {
            KeywordTable table = stream.keywordTable();
            table.replaceAll(List.of());
            assertEquals(List.of(), table.list());

            table.update(original());

            assertEquals(room, table.capacity());
            assertEquals(original(), table.list());
            assertArrayEquals(expected, region(stream));
        }
    }

    @Test
    void shouldResetUnusedRecordsToTheirInitialState() {
        try (ImageStream stream = create(5)) {
            byte[] created = region(stream);
            stream.keywordTable().update(original());

            stream.keywordTable().replaceAll(List.of());

            assertArrayEquals(created, region(stream));
        }
    }

    @Test
    void shouldKeepThePositionOfExistingKeywordsAndAppendNewOnes() {
        try (ImageStream stream = create(6)) {
            KeywordTable table = stream.keywordTable();
            table.update(original());

            table.set("nread", 43);
            table.update(List.of(Keyword.of("new", true), Keyword.of("exptime", 2.5)));
            table.set("last", "x");

            assertEquals(List.of("exptime", "nread", "source", "fullstr", "new", "last"), names(stream));
            assertEquals(
                    Keyword.of("nread", 43).withComment("number of reads"),
                    table.find("nread").orElseThrow());
            assertEquals(
                    Keyword.of("exptime", 2.5), table.find("exptime").orElseThrow(), "its comment is replaced too");
            assertEquals(Keyword.of("new", 1), table.find("new").orElseThrow());
            assertEquals(Optional.empty(), table.find("NEW"));
        }
    }

    @Test
    void shouldChangeTypeAndKeepTheComment() {
        try (ImageStream stream = create(1)) {
            KeywordTable table = stream.keywordTable();
            table.set(Keyword.of("mode", 7).withComment("how"));

            table.set("mode", "0123456789abcdef");
            assertEquals(
                    Keyword.of("mode", "0123456789abcdef").withComment("how"),
                    table.find("mode").orElseThrow());
            table.set("mode", -0.5);
            assertEquals(
                    Keyword.of("mode", -0.5).withComment("how"),
                    table.find("mode").orElseThrow());
            table.set("mode", false);
            assertEquals(
                    Keyword.of("mode", 0).withComment("how"), table.find("mode").orElseThrow());
            assertEquals(0, region(stream)[24 + 15], "the longer value is overwritten completely");
        }
    }

    @Test
    void shouldSortAReplacedSetByTheBytesOfItsNames() {
        try (ImageStream stream = create(5)) {
            KeywordTable table = stream.keywordTable();
            table.update(original());

            table.replaceAll(List.of(Keyword.of("b", 1), Keyword.of("é", 2), Keyword.of("Z", 3), Keyword.of("b", 4)));

            assertEquals(List.of("Z", "b", "é"), names(stream));
            assertEquals(Keyword.of("b", 4), table.find("b").orElseThrow());
            assertArrayEquals(new byte[16], Arrays.copyOfRange(region(stream), 3 * 120, 3 * 120 + 16));
            assertEquals('N', region(stream)[3 * 120 + 16]);
        }
    }

    @Test
    void shouldKeepThePositionsOfTheOthersWhenOneIsRemoved() {
        try (ImageStream stream = create(4)) {
            KeywordTable table = stream.keywordTable();
            table.update(original());
            byte[] before = region(stream);

            assertTrue(table.remove("nread"));
            assertFalse(table.remove("nread"));

            assertEquals(List.of("exptime", "source", "fullstr"), names(stream));
            assertArrayEquals(Arrays.copyOfRange(before, 240, 480), Arrays.copyOfRange(region(stream), 240, 480));
            table.set("gap", 1);
            assertEquals(
                    List.of("exptime", "gap", "source", "fullstr"),
                    names(stream),
                    "there is no free record after the last one");
        }
    }

    @Test
    void shouldRejectKeywordsThatDoNotFitAndChangeNothing() {
        try (ImageStream stream = create(4)) {
            KeywordTable table = stream.keywordTable();
            table.update(original());
            byte[] before = region(stream);

            NoSpaceException one = assertThrows(NoSpaceException.class, () -> table.set("fifth", 5));
            assertThrows(
                    NoSpaceException.class,
                    () -> table.update(List.of(Keyword.of("nread", 1), Keyword.of("fifth", 5))));
            assertThrows(
                    NoSpaceException.class,
                    () -> table.replaceAll(List.of(
                            Keyword.of("a", 1),
                            Keyword.of("b", 1),
                            Keyword.of("c", 1),
                            Keyword.of("d", 1),
                            Keyword.of("e", 1))));

            assertTrue(one.getMessage().contains("room for 4 keywords"), one.getMessage());
            assertTrue(one.getMessage().contains("--keywords"), one.getMessage());
            assertArrayEquals(before, region(stream));
        }
    }

    @Test
    void shouldReportAStreamWithoutKeywords() {
        try (ImageStream stream = create(0)) {
            KeywordTable table = stream.keywordTable();

            NoSpaceException refusal = assertThrows(NoSpaceException.class, () -> table.set("a", 1));

            assertTrue(refusal.getMessage().contains("has no room for keywords: create"), refusal.getMessage());
            assertEquals(List.of(), table.list());
            assertFalse(table.remove("a"));
            table.replaceAll(List.of());
            assertEquals(0, table.capacity());
        }
    }

    @Test
    void shouldReportTheLimitOfATextThatIsTooLong() {
        try (ImageStream stream = create(1)) {
            KeywordTable table = stream.keywordTable();
            String two = "é"; // two bytes in UTF-8

            table.set(Keyword.of(two.repeat(8), two.repeat(8)).withComment(two.repeat(40)));
            assertEquals(two.repeat(8), table.find(two.repeat(8)).orElseThrow().value());
            assertEquals(two.repeat(40), table.find(two.repeat(8)).orElseThrow().comment());

            assertRefused(table, Keyword.of("x".repeat(17), 1), "17 bytes in UTF-8, but there is room for 16");
            assertRefused(table, Keyword.of("x", "x" + two.repeat(8)), "17 bytes in UTF-8");
            assertRefused(table, Keyword.of("x", 1).withComment(two.repeat(41)), "room for 80");
            assertRefused(table, Keyword.of("", 1), "must not be empty");
            assertRefused(table, Keyword.of("a\0b", 1), "NUL");
            assertRefused(table, Keyword.of("a", "b\0"), "NUL");
            assertRefused(table, Keyword.of("a", "\ud800"), "unpaired surrogate");
            assertRefused(table, new Keyword("a", Keyword.Type.LONG, "text", ""), "is not a Long");
            assertRefused(table, new Keyword("a", null, 1L, ""), "no type");
            assertEquals(1, table.list().size());
        }
    }

    private static void assertRefused(KeywordTable table, Keyword keyword, String words) {
        for (Runnable change : new Runnable[] {
            () -> table.set(keyword), () -> table.update(List.of(keyword)), () -> table.replaceAll(List.of(keyword))
        }) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, change::run);
            assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        }
    }

    @Test
    void shouldStoreEveryNumberExactly() {
        try (ImageStream stream = create(8)) {
            KeywordTable table = stream.keywordTable();
            List<Keyword> extremes = List.of(
                    Keyword.of("a", Long.MIN_VALUE),
                    Keyword.of("b", Long.MAX_VALUE),
                    Keyword.of("c", -0.0),
                    Keyword.of("d", Double.NaN),
                    Keyword.of("e", Double.NEGATIVE_INFINITY),
                    Keyword.of("f", Double.MIN_VALUE),
                    Keyword.of("g", ""),
                    Keyword.of("h", 0.1));

            table.update(extremes);

            assertEquals(extremes, table.list());
        }
    }

    @Test
    void shouldChangeNothingThroughAReadOnlyStream() {
        Path path = Golden.named("dao", "kw6_2d_float32").copyTo(scratch.stream("ro"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            KeywordTable table = stream.keywordTable();

            assertEquals(original(), table.list());
            for (Runnable change : new Runnable[] {
                () -> table.set("a", 1), () -> table.remove("nread"), () -> table.replaceAll(List.of())
            }) {
                AccessDeniedException refusal = assertThrows(AccessDeniedException.class, change::run);
                assertTrue(refusal.getMessage().contains("Access.READ_WRITE"), refusal.getMessage());
            }
            assertArrayEquals(Golden.named("dao", "kw6_2d_float32").bytes(), Files.readAllBytes(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldRefuseAfterClose() {
        ImageStream stream = create(1);
        KeywordTable table = stream.keywordTable();
        stream.close();

        assertThrows(ClosedException.class, table::list);
        assertThrows(ClosedException.class, () -> table.set("a", 1));
        assertThrows(ClosedException.class, () -> table.remove("a"));
    }

    @Test
    void shouldNotWriteIntoAStreamThatWasRemovedOrRecreated() throws IOException {
        try (ImageStream stream = create(1)) {
            Files.delete(stream.path());
            ShmException removed = assertThrows(
                    IncompatibleException.class, () -> stream.keywordTable().set("a", 1));
            assertTrue(removed.getMessage().contains("was removed"), removed.getMessage());

            create(1).close();
            ShmException anew = assertThrows(
                    IncompatibleException.class, () -> stream.keywordTable().set("a", 1));
            assertTrue(anew.getMessage().contains("re-created"), anew.getMessage());
        }
    }

    @Test
    void shouldReportATruncatedFile() throws IOException {
        try (ImageStream stream = create(3)) {
            try (FileChannel file = FileChannel.open(stream.path(), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }

            assertThrows(IncompatibleException.class, stream.keywordTable()::list);
            assertThrows(
                    IncompatibleException.class, () -> stream.keywordTable().set("a", 1));
        }
    }

    @Test
    void shouldSkipRecordsOfUnknownTypeAndReuseThemLast() throws IOException {
        try (ImageStream stream = create(3)) {
            KeywordTable table = stream.keywordTable();
            table.update(List.of(Keyword.of("a", 1), Keyword.of("b", 2), Keyword.of("c", 3)));
            try (FileChannel file = FileChannel.open(stream.path(), StandardOpenOption.WRITE)) {
                file.write(
                        ByteBuffer.wrap(new byte[] {'N'}),
                        stream.layout().keywords().offset() + 16);
                file.write(
                        ByteBuffer.wrap(new byte[] {(byte) 0xff}),
                        stream.layout().keywords().offset() + 136);
            }
            assertEquals(List.of("c"), names(stream));

            table.set("new", 4);

            assertEquals(List.of("new", "c"), names(stream));
            assertThrows(
                    NoSpaceException.class, () -> table.set("newer", 5), "a record of unknown type is not changed");
        }
    }

    @Test
    void shouldReadTheSameThroughTwoStreams() {
        try (ImageStream stream = create(2);
                ImageStream other = ImageStream.open(stream.path())) {
            stream.keywordTable().set("a", 1);
            other.keywordTable().set("b", 2);

            assertEquals(List.of("a", "b"), names(stream));
            assertEquals(other.keywords(), stream.keywords());
        }
    }
}
