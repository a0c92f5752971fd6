package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockChild;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ChildJvm;

@Timeout(600)
class SharedMemoryTest {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    private static String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(BlockScratch.file(name)));
    }

    @Test
    void shouldCreateABlockOfZerosThatOthersAttach() throws IOException {
        String name = scratch.name("new");
        try (SharedMemory made = SharedMemory.create(name, 4097);
                SharedMemory other = SharedMemory.attach(name)) {
            assertEquals(name, made.name());
            assertEquals(4097, made.size());
            assertEquals(4097, other.size());
            assertEquals(4097, Files.size(BlockScratch.file(name)), "not rounded to pages");
            assertArrayEquals(new byte[4097], made.buf().toArray(BYTE));
            assertEquals("rw-------", permissions(name));

            made.buf().set(BYTE, 4096, (byte) 7);
            assertEquals(7, other.buf().get(BYTE, 4096));
            assertTrue(made.unlink());
        }
    }

    @Test
    void shouldKeepTheBytesAfterTheLastHandleIsClosed() {
        String name = scratch.name("kept");
        try (SharedMemory made = SharedMemory.create(name, 3)) {
            made.write(0, MemorySegment.ofArray(new byte[] {1, 2, 3}));
        }

        try (SharedMemory again = SharedMemory.attach(name)) {
            assertArrayEquals(new byte[] {1, 2, 3}, again.buf().toArray(BYTE));
        }
        SharedMemory.remove(name);
    }

    @Test
    void shouldGenerateNamesAsPythonDoes() {
        try (SharedMemory first = SharedMemory.create(1);
                SharedMemory second = SharedMemory.create(1)) {
            try {
                assertTrue(first.name().matches("psm_[0-9a-f]{8}"), first.name());
                assertNotEquals(first.name(), second.name());
            } finally {
                first.unlink();
                second.unlink();
            }
        }
    }

    @Test
    void shouldIgnoreTheUmaskForGivenPermissions() throws IOException {
        String name = scratch.name("open");

        SharedMemory.create(name, 1, 0666).close();

        assertEquals("rw-rw-rw-", permissions(name));
        SharedMemory.remove(name);
    }

    @Test
    void shouldNotChangeAnExistingBlock() {
        String name = scratch.put("precious", new byte[] {1, 2, 3});

        assertThrows(AlreadyExistsException.class, () -> SharedMemory.create(name, 10));

        assertArrayEquals(new byte[] {1, 2, 3}, BlockScratch.bytes(name));
        SharedMemory.remove(name);
    }

    @Test
    void shouldReportMissingBlocks() {
        String name = scratch.name("nobody");

        for (Runnable use : List.<Runnable>of(
                () -> SharedMemory.attach(name),
                () -> SharedMemory.attachReadOnly(name),
                () -> SharedMemory.remove(name),
                () -> ShareableList.attach(name))) {
            NotFoundException exception = assertThrows(NotFoundException.class, use::run);
            assertTrue(exception.getMessage().contains("there is no /dev/shm/" + name), exception.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/a", "../a", ".", "..", "a\0b", "sem.a"})
    void shouldRejectInvalidNames(String name) {
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(name, 1));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.attach(name));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.attachReadOnly(name));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.remove(name));
    }

    @Test
    void shouldLimitTheBytesOfAName() {
        String longest = scratch.name("x".repeat(255 - scratch.name("").length()));
        String tooLong = scratch.name("x".repeat(251 - scratch.name("").length()) + "ß€");

        SharedMemory.create(longest, 1).close();
        SharedMemory.remove(longest);
        IllegalArgumentException exception =
                assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(tooLong, 1));

        assertTrue(exception.getMessage().contains("at most 255 bytes, not 256"), exception.getMessage());
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.attach(null));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void shouldRejectInvalidSizes(long size) {
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(scratch.name("none"), size));
        assertThrows(IllegalArgumentException.class, () -> SharedMemory.create(size));
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 50, 1L << 62})
    void shouldReportHowToEnlargeSharedMemory(long size) {
        String message = assertThrows(NoSpaceException.class, () -> SharedMemory.create(scratch.name("huge"), size))
                .getMessage();

        assertTrue(message.contains("needed: " + (size >> 20) + " MiB, free: "), message);
        assertTrue(message.contains("mount -o remount,size="), message);
    }

    @Test
    void shouldRejectAndKeepAnEmptyObject() {
        String name = scratch.put("empty", new byte[0]);

        assertThrows(IncompatibleException.class, () -> SharedMemory.attach(name));
        assertThrows(IncompatibleException.class, () -> SharedMemory.attachReadOnly(name));
        assertThrows(IncompatibleException.class, () -> ShareableList.attach(name));

        assertEquals(List.of(name), scratch.names());
        SharedMemory.remove(name);
    }

    @Test
    void shouldRejectUseAfterClose() {
        SharedMemory block = SharedMemory.create(scratch.name("closed"), 8);
        MemorySegment taken = block.buf();
        block.close();
        block.close();

        assertThrows(ClosedException.class, block::buf);
        assertThrows(ClosedException.class, block::isLinked);
        assertThrows(ClosedException.class, block::relink);
        assertThrows(ClosedException.class, () -> block.read(0, MemorySegment.ofArray(new byte[1])));
        assertThrows(ClosedException.class, () -> block.write(0, MemorySegment.ofArray(new byte[1])));
        assertThrows(IllegalStateException.class, () -> taken.get(BYTE, 0));
        assertEquals(8, block.size());
        assertTrue(block.unlink(), "close, then unlink is the usual order in Python");
        assertFalse(block.unlink());
    }

    @Test
    void shouldCopyOnlyInsideTheBlock() {
        try (SharedMemory block = SharedMemory.create(scratch.name("bounds"), 8)) {
            block.write(5, MemorySegment.ofArray(new byte[] {1, 2, 3}));
            byte[] read = new byte[4];
            block.read(4, MemorySegment.ofArray(read));

            assertArrayEquals(new byte[] {0, 1, 2, 3}, read);
            for (long offset : new long[] {-1, 5, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> block.read(offset, MemorySegment.ofArray(read)));
                assertThrows(IndexOutOfBoundsException.class, () -> block.write(offset, MemorySegment.ofArray(read)));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> block.buf().get(BYTE, 8));
            block.unlink();
        }
    }

    @Test
    void shouldRejectChangesOfAReadOnlyBlock() {
        String name = scratch.put("viewed", new byte[] {1, 2, 3});
        try (SharedMemory block = SharedMemory.attachReadOnly(name)) {
            assertEquals(2, block.buf().get(BYTE, 1));
            assertTrue(block.isLinked());

            assertThrows(AccessDeniedException.class, () -> block.write(0, MemorySegment.ofArray(new byte[1])));
            assertThrows(AccessDeniedException.class, block::relink);
            assertThrows(IllegalArgumentException.class, () -> block.buf().set(BYTE, 0, (byte) 9));
        }
        assertArrayEquals(new byte[] {1, 2, 3}, BlockScratch.bytes(name));
        SharedMemory.remove(name);
    }

    @Test
    void shouldDetectWhetherTheNameRefersToTheBlock() {
        String name = scratch.name("linked");
        try (SharedMemory block = SharedMemory.create(name, 4)) {
            assertTrue(block.isLinked());

            SharedMemory.remove(name);
            assertFalse(block.isLinked());

            scratch.put("linked", new byte[] {9, 9, 9, 9});
            assertFalse(block.isLinked(), "another object of that name");
            assertFalse(block.unlink(), "it is not this block");
            assertArrayEquals(new byte[] {9, 9, 9, 9}, BlockScratch.bytes(name));
            SharedMemory.remove(name);
        }
    }

    @Test
    void shouldMoveSegmentsToTheNewObjectOnRelink() throws IOException {
        String name = scratch.name("relinked");
        byte[] content = new byte[10_000];
        new Random(4).nextBytes(content);
        SharedMemory.create(name, content.length, 0640).close();
        try (SharedMemory block = SharedMemory.attach(name);
                SharedMemory old = SharedMemory.attach(name)) {
            MemorySegment taken = block.buf().asSlice(5000);
            block.write(0, MemorySegment.ofArray(content));
            assertFalse(block.relink(), "not needed");
            SharedMemory.remove(name);

            assertTrue(block.relink());

            assertTrue(block.isLinked());
            assertFalse(old.isLinked());
            assertEquals("rw-r-----", permissions(name));
            assertArrayEquals(content, BlockScratch.bytes(name));
            try (SharedMemory attached = SharedMemory.attach(name)) {
                attached.buf().set(BYTE, 5001, (byte) -1);
                assertEquals(-1, taken.get(BYTE, 1), "a segment obtained before");
                taken.set(BYTE, 2, (byte) -2);
                assertEquals(-2, attached.buf().get(BYTE, 5002));
            }
            assertEquals(content[5001], old.buf().get(BYTE, 5001), "other mappings keep the old object");
            assertTrue(block.unlink());
        }
    }

    @Test
    void shouldNotChangeAnotherObjectOfTheSameName() {
        String name = scratch.name("taken");
        try (SharedMemory block = SharedMemory.create(name, 4)) {
            SharedMemory.remove(name);
            scratch.put("taken", new byte[] {9});

            AlreadyExistsException exception = assertThrows(AlreadyExistsException.class, block::relink);

            assertTrue(exception.getMessage().contains("attach that one"), exception.getMessage());
            assertArrayEquals(new byte[] {9}, BlockScratch.bytes(name));
            assertEquals(0, block.buf().get(BYTE, 0));
            SharedMemory.remove(name);
        }
    }

    @Test
    void shouldNotFollowSymbolicLinks() throws IOException {
        String target = scratch.put("target", new byte[] {1});
        String link = scratch.name("link");
        Files.createSymbolicLink(BlockScratch.file(link), BlockScratch.file(target));

        assertThrows(ShmException.class, () -> SharedMemory.attach(link));
        assertThrows(IncompatibleException.class, () -> SharedMemory.attachReadOnly(link));
        assertThrows(IncompatibleException.class, () -> BlockInfo.of(BlockScratch.file(link)));
        assertThrows(AlreadyExistsException.class, () -> SharedMemory.create(link, 1));
        assertTrue(SharedMemory.list().stream().noneMatch(block -> block.name().equals(link)));

        SharedMemory.remove(link);
        assertEquals(List.of(target), scratch.names());
        SharedMemory.remove(target);
    }

    @Test
    void shouldReportClosingToOtherThreads() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            ShareableList list = ShareableList.create(scratch.name("busy"), List.of(1, "text"));
            AtomicReference<Throwable> end = new AtomicReference<>();
            CountDownLatch reading = new CountDownLatch(1);
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        list.set(0, list.get(1));
                        list.set(0, 7);
                        reading.countDown();
                    }
                } catch (Throwable t) {
                    end.set(t);
                }
            });
            reading.await();
            list.close();
            reader.join();
            assertInstanceOf(ClosedException.class, end.get());
            assertTrue(list.block().unlink());
        }
    }

    @Test
    void shouldReadWithoutNativeAccess() {
        try (ShareableList list = ShareableList.create(scratch.name("viewed"), List.of(1, "two"));
                ChildProcess child = ChildProcess.start(ChildJvm.command(
                        List.of("--illegal-native-access=deny"),
                        BlockChild.class,
                        "view",
                        list.block().name()))) {
            assertEquals(List.of("[1, two]"), child.finish());
            assertEquals("", child.errors());
            list.block().unlink();
        }
    }

    @Test
    void shouldListBlocksByName() {
        scratch.put("b", new byte[5]);
        scratch.put("a", new byte[40]);
        ShareableList.create(scratch.name("c"), List.of(1, 2)).close();

        List<String> listed = SharedMemory.list().stream()
                .filter(block -> block.name().startsWith(scratch.name("")))
                .map(block -> block.name().substring(scratch.name("").length()) + " " + block.byteSize() + " "
                        + block.isList())
                .toList();

        assertEquals(List.of("a 40 false", "b 5 false", "c 66 true"), listed);
        scratch.names().forEach(SharedMemory::remove);
    }
}
