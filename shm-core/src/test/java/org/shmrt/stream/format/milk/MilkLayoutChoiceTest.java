package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Scratch;

/** Streams of ImageStreamIO 2.00 and 2.01: which one is created, and what differs. */
@Timeout(600)
class MilkLayoutChoiceTest {
    private static final StreamSpec SPEC = StreamSpec.milk(DataType.UINT8, Shape.of(2, 2));
    private static final MemorySegment FRAME = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private String choice(StreamSpec spec, String environment) {
        MilkLayoutChoice choice = MilkLayoutChoice.of(scratch.stream("new"), spec, Optional.ofNullable(environment));
        return choice.version() + choice.variant().suffix;
    }

    /** A stream that was created at a given second. */
    private Path neighbour(String name, String version, long createdS) throws IOException {
        Path path = scratch.stream(name);
        ImageStream.create(path, SPEC.withVariant(version)).close();
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(MilkDescriptor.CREATION_TIME, createdS);
        return Files.write(path, bytes);
    }

    @Test
    void shouldUseTheOptionThenTheEnvironmentThenTheNeighbourThen200() throws IOException {
        assertEquals("2.00", choice(SPEC, null));
        neighbour("a", "2.00", 100);
        neighbour("b", "2.01", 200);
        neighbour("c", "2.00", 150);
        ImageStream.create(scratch.stream("d"), StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)))
                .close();
        Files.write(scratch.stream("e"), new byte[] {'2', '.', '0', '0'});
        Files.createDirectory(scratch.stream("f"));

        assertEquals("2.01", choice(SPEC, null), "that of the newest neighbour");
        assertEquals("2.01", choice(SPEC, ""), "an empty variable is none");
        assertEquals("2.00", choice(SPEC, "2.00"));
        assertEquals("2.00-writehistory", choice(SPEC, "2.00-writehistory"));
        assertEquals("2.01-dao-compat", choice(SPEC.withVariant("2.01-dao-compat"), "2.00"));
        neighbour("g", "2.00", 300);
        assertEquals("2.00", choice(SPEC, null));
        Files.delete(scratch.stream("f"));
    }

    @Test
    void shouldSayWhoNamedALayoutThatDoesNotExist() {
        String ofOption = assertThrows(IllegalArgumentException.class, () -> choice(SPEC.withVariant("2.02"), null))
                .getMessage();
        String ofVariable = assertThrows(IllegalArgumentException.class, () -> choice(SPEC, "2.02"))
                .getMessage();

        assertTrue(ofOption.startsWith("milk has no layout '2.02': choose one of 2.00, "), ofOption);
        assertTrue(ofVariable.startsWith("milk has no layout '2.02', which SHMRT_MILK_LAYOUT names: "), ofVariable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-dao-compat", "-writehistory"})
    void shouldDifferInTheVersionTextOnly(String build) throws IOException {
        Path older = scratch.stream("older");
        Path newer = scratch.stream("newer");
        StreamSpec spec = SPEC.withKeywords(2).withCircularBuffer(3);
        ImageStream.create(older, spec.withVariant("2.00" + build)).close();
        ImageStream.create(newer, spec.withVariant("2.01" + build)).close();

        byte[] expected = comparable(older);
        expected[3] = '1';
        assertArrayEquals(expected, comparable(newer));
        assertEquals("2.01" + build, StreamInfo.of(newer).layout().variant());
    }

    /** Without name, times and inode number. */
    private static byte[] comparable(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        Arrays.fill(bytes, MilkDescriptor.NAME, MilkDescriptor.NAXIS, (byte) 0);
        Arrays.fill(bytes, MilkDescriptor.CREATION_TIME, MilkDescriptor.CREATOR_PID, (byte) 0);
        Arrays.fill(bytes, MilkDescriptor.INODE, MilkDescriptor.LOCATION, (byte) 0);
        return bytes;
    }

    @Test
    void shouldWarnAboutLongNamesOnlyIn201() throws IOException {
        String name = "n".repeat(70 - scratch.prefix().length());
        try (ImageStream older = ImageStream.create(scratch.stream(name), SPEC.withVariant("2.00"));
                ImageStream newer = ImageStream.create(
                        scratch.stream(name), SPEC.withVariant("2.01").replacingExisting())) {
            assertEquals(Optional.empty(), older.creationWarning());
            assertTrue(
                    newer.creationWarning().orElseThrow().contains("is longer than 69 bytes"),
                    newer.creationWarning().toString());
        }
    }

    @Test
    void shouldNotListTheTemporaryFileOf201() throws IOException {
        Path path = scratch.stream("cam");
        Path temporary = scratch.stream("cam_tmpcreate");
        ImageStream.create(temporary, SPEC.withVariant("2.01")).close();

        assertEquals(List.of(), StreamDirectory.list(scratch.directory()));

        Files.move(temporary, path);
        assertEquals(List.of(path), StreamDirectory.list(scratch.directory()));
        assertFalse(StreamDirectory.isStreamName("cam_tmpcreate.im.shm"));
        assertTrue(StreamDirectory.isStreamName("tmpcreate.im.shm"));
    }

    /** The library renames the new file over the old one, and removes a stream that it has only opened. */
    @Test
    void shouldReportARenamedFileAndARemovedOne() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, SPEC.withVariant("2.01"));
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            Path temporary = scratch.stream("cam_tmpcreate");
            try (ImageStream next = ImageStream.create(temporary, SPEC.withVariant("2.01"));
                    FrameWriter writer = next.writer()) {
                writer.write(FRAME);
                Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);

                assertEquals(Verdict.RECREATED, reader.awaitNext(30_000_000_000L));
                assertTrue(reader.reattach());
                assertEquals(Verdict.FRESH, reader.awaitNext(0));
                Files.delete(path);

                assertEquals(Verdict.REMOVED, reader.awaitNext(30_000_000_000L));
            }
        }
    }

    /** Two states that existed for some days. */
    @Test
    void shouldNameInterimVersionsAndNotCallThemDamaged() throws IOException {
        byte[] march = new byte[1000];
        version(march, "0.0.00");
        ByteBuffer.wrap(march)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(112, (byte) 2)
                .putInt(116, 2)
                .putInt(120, 2)
                .putLong(128, 4)
                .put(136, (byte) 1)
                .put(232, (byte) 1);
        byte[] april = new byte[1000];
        version(april, "1.04");
        ByteBuffer.wrap(april)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(112, (byte) 2)
                .putInt(116, 4)
                .putInt(120, 5)
                .putLong(128, 20)
                .putLong(136, 80)
                .put(144, (byte) 9);
        for (Map.Entry<byte[], String> file : Map.of(march, "0.0.00 as of March 2019", april, "1.04 as of 2021-04-25")
                .entrySet()) {
            Path path = Files.write(scratch.stream("cam"), file.getKey());

            String message = assertThrows(IncompatibleException.class, () -> StreamInfo.of(path))
                    .getMessage();

            assertTrue(message.startsWith(path + " is a milk stream of a version that ShmRT cannot read: "), message);
            assertTrue(message.contains(file.getValue()), message);
        }
    }

    private static void version(byte[] file, String version) {
        System.arraycopy(version.getBytes(StandardCharsets.US_ASCII), 0, file, 0, version.length());
    }

    @Test
    void shouldFindEveryLayoutByItsName() {
        for (Variant variant : Variant.values()) {
            assertEquals(new MilkLayoutChoice("2.01", variant), MilkLayoutChoice.named("2.01" + variant.suffix, ""));
        }
    }
}
