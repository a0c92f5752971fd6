package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.BusyException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.monitor.Inventory;
import org.shmrt.monitor.State;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Isolation;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** Who lives and who has what, where process ids say nothing: containers, hidden processes, layered file systems. */
@Timeout(600)
@Tag("slow")
class LivenessTest {
    private static final long S = 1_000_000_000L;
    /** More than it takes to call a flag stale. */
    private static final long LONG_NS = 2 * S;

    private static final int FRAMES = 100;
    /** Position of the byte that DAO's library and ShmRT lock for semaphore 0. */
    private static final long CLAIMS = 1L << 62;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final MemorySegment frame = MemorySegment.ofArray(new byte[16]);

    private Path create(String format) {
        Path path = scratch.stream("cam");
        ImageStream.create(path, StreamSpec.of(format, DataType.UINT8, Shape.of(4, 4)))
                .close();
        return path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"milk", "dao"})
    void shouldGiveReadersOfTwoContainersTwoSemaphoresAndEachAllFrames(String format) {
        Isolation.assumePermitted(Isolation.PID_NAMESPACE);
        Path path = create(format);
        try (ChildProcess one = container("await", path, "sem", FRAMES, 60 * S);
                ChildProcess two = container("await", path, "sem", FRAMES, 60 * S);
                ImageStream stream = ImageStream.open(path);
                FrameReader here = stream.reader(WaitStrategy.semaphore());
                FrameWriter writer = stream.writer()) {
            String first = one.lineWith("ready");
            assertNotEquals(first, two.lineWith("ready"));
            assertNotEquals(first, "ready " + here.semaphoreIndex());
            for (int count = 1; count <= FRAMES; count++) {
                writer.write(frame);
                assertEquals("FRESH " + count, one.line());
                assertEquals("FRESH " + count, two.line());
                assertEquals(Verdict.FRESH, here.awaitNext(60 * S));
            }
            assertEquals(List.of(), one.finish());
            assertEquals(List.of(), two.finish());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"milk", "dao"})
    void shouldFreeTheSemaphoreOfAReaderThatDiedInAContainer(String format) {
        Isolation.assumePermitted(Isolation.PID_NAMESPACE);
        Path path = create(format);
        try (ImageStream stream = ImageStream.open(path)) {
            for (int i = 0; i < 3; i++) {
                try (ChildProcess reader = container("await", path, "sem", 1, 60 * S)) {
                    assertEquals("ready 9", reader.lineWith("ready"));
                    assertEquals(8, chosen(stream));
                    killInside(reader);
                }
                awaitChosen(stream, 9);
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"milk", "dao"})
    void shouldSeeThatAWriterInAContainerLives(String format) {
        Isolation.assumePermitted(Isolation.PID_NAMESPACE);
        Path path = create(format);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            try (ChildProcess writer = container("claim", path)) {
                assertEquals("claimed", writer.line());
                assertHeld(stream, reader, path);
                killInside(writer);
            }
            Verdict verdict = reader.awaitNext(LONG_NS);
            for (int i = 0; i < 30 && verdict == Verdict.TIMED_OUT; i++) {
                verdict = reader.awaitNext(LONG_NS);
            }
            assertEquals(Verdict.STALE_WRITER, verdict, "it is dead now");
            stream.writer().close();
        }
    }

    /** A frame is held by a process that another one, in a container, can only know by the kernel's lock. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"milk", "dao"})
    void shouldSeeFromAContainerThatAWriterOutsideLives(String format) {
        Isolation.assumePermitted(Isolation.PID_NAMESPACE);
        Path path = create(format);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            writer.write(frame);
            writer.claim();
            try (ChildProcess reader = container("await", path, "sem", 2, LONG_NS)) {
                reader.lineWith("ready");
                assertEquals(List.of("TIMED_OUT 1", "TIMED_OUT 1"), reader.finish());
            }
            try (ChildProcess other = container("ramp", path, 1, 0)) {
                assertTrue(other.lineWith("BusyException").contains("is being written by process"));
            }
            assertEquals(2, writer.publish());
        }
    }

    @Test
    void shouldSeeThatAWriterOnALayeredFileSystemLives() throws IOException {
        Path layers = Files.createDirectory(scratch.directory().resolve("layers"));
        for (String name : List.of("lower", "upper", "work", "merged")) {
            Files.createDirectory(layers.resolve(name));
        }
        Path merged = layers.resolve("merged");
        String options = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(layers);
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("mount", "-t", "overlay", "-o", options, "overlay", merged.toString()),
                "mounting an overlay file system is not permitted here");
        Path path = merged.resolve(scratch.prefix() + "cam.im.shm");
        try {
            StreamSpec spec = StreamSpec.milk(DataType.UINT8, Shape.of(4, 4));
            try (ImageStream stream = ImageStream.create(path, spec);
                    FrameReader reader = stream.reader(WaitStrategy.semaphore());
                    ChildProcess writer = Isolation.startStreamChild(List.of(), "claim", path)) {
                assertEquals("claimed", writer.line());
                assertHeld(stream, reader, path);
            }
        } finally {
            assertTrue(ExternalCommand.succeeds("umount", merged.toString()));
        }
    }

    private void assertHeld(ImageStream stream, FrameReader reader, Path path) {
        reader.awaitNext(0);
        assertEquals(Verdict.TIMED_OUT, reader.awaitNext(LONG_NS));
        assertEquals(Verdict.TIMED_OUT, reader.newest());
        assertThrows(BusyException.class, stream::writer);
        StreamInfo info = StreamInfo.of(path);
        assertTrue(info.status().writing());
        assertEquals(List.of(), info.warnings());
        assertNotEquals(State.DEAD, stateInAnInventory(path));
    }

    /** What {@code shm top} shows of a stream whose newest frame is being written for longer than a frame takes. */
    private static State stateInAnInventory(Path path) {
        try (Inventory inventory = new Inventory(Optional.of(path.getParent()))) {
            inventory.refresh(Inventory.Scope.OBJECTS);
            inventory.poll();
            LockSupport.parkNanos(700_000_000L);
            inventory.poll();
            return inventory.readings().stream()
                    .filter(reading -> reading.facts().path().equals(path))
                    .findFirst()
                    .orElseThrow()
                    .activity()
                    .state();
        }
    }

    /** A program of another user, whom {@code /proc} does not show, has the last semaphore by milk's table alone. */
    @Test
    void shouldNotTakeTheSemaphoreOfAHiddenProcess() throws IOException {
        Isolation.assumePermitted(Isolation.HIDEPID);
        Isolation.assumePermitted(Isolation.AS_NOBODY);
        Path path = create("milk");
        try (ChildProcess owner = ChildProcess.start(Isolation.command(Isolation.AS_NOBODY, List.of("cat")))) {
            owner.send("changed");
            owner.expect("changed"); // it has become the other user
            List<String> look = Isolation.command(Isolation.HIDEPID, List.of("test", "-d", "/proc/" + owner.pid()));
            assertFalse(ExternalCommand.succeeds(look.toArray(new String[0])), "it is not hidden");
            write(path, readerTable(path) + 4 * 9, (int) owner.pid());
            try (ChildProcess reader = Isolation.startStreamChild(Isolation.HIDEPID, "await", path, "sem", 1, 1)) {
                assertEquals("ready 8", reader.lineWith("ready"));
                reader.finish();
            }
            owner.kill();
            try (ChildProcess reader = Isolation.startStreamChild(Isolation.HIDEPID, "await", path, "sem", 1, 1)) {
                assertEquals("ready 9", reader.lineWith("ready"));
                reader.finish();
            }
        }
    }

    /** DAO's library locks the byte of the semaphore that it takes. */
    @ParameterizedTest
    @ValueSource(strings = {"milk", "dao"})
    void shouldLeaveTheSemaphoresToProgramsThatHaveLockedThem(String format) {
        PythonPeer.assumePresent();
        Path path = create(format);
        try (ImageStream stream = ImageStream.open(path);
                ChildProcess peer = PythonPeer.start("lock_peer.py", "write-lock", path, CLAIMS + 8, 2)) {
            assertEquals("held", peer.line());
            assertEquals(7, chosen(stream));
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore());
                    ChildProcess late = PythonPeer.start("lock_peer.py", "write-lock", path, CLAIMS + 7, 1)) {
                assertEquals(7, reader.semaphoreIndex());
                assertTrue(late.line().startsWith("refused"));
            }
            peer.kill();
            awaitChosen(stream, 9);
        }
    }

    /** A claim is a lock on the file behind the path, so readers that start after the removal have none. */
    @ParameterizedTest
    @ValueSource(strings = {"milk", "dao"})
    void shouldShareASemaphoreAmongReadersOfARemovedFile(String format) {
        Path path = create(format);
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader before = stream.reader(WaitStrategy.semaphore())) {
            ImageStream.remove(path);
            try (FrameReader one = stream.reader(WaitStrategy.semaphore());
                    FrameReader two = stream.reader(WaitStrategy.semaphore())) {
                assertEquals(9, before.semaphoreIndex());
                assertEquals(0, one.semaphoreIndex());
                assertEquals(0, two.semaphoreIndex());
                for (int count = 1; count <= FRAMES; count++) {
                    writer.write(frame);
                    for (FrameReader reader : List.of(before, one, two)) {
                        assertEquals(Verdict.FRESH, reader.awaitNext(60 * S));
                        assertEquals(count, reader.count());
                    }
                }
            }
        }
    }

    private static int chosen(ImageStream stream) {
        try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            return reader.semaphoreIndex();
        }
    }

    /** A kernel that is still taking down a killed process holds its locks for a moment. */
    private static void awaitChosen(ImageStream stream, int index) {
        long endNs = System.nanoTime() + 60 * S;
        while (chosen(stream) != index && System.nanoTime() < endNs) {
            Thread.onSpinWait();
        }
        assertEquals(index, chosen(stream));
    }

    private static ChildProcess container(Object... words) {
        return Isolation.startStreamChild(Isolation.PID_NAMESPACE, words);
    }

    /** Ends a container: its first process is a child of the one that made the namespace. */
    private static void killInside(ChildProcess container) {
        List<ProcessHandle> inside =
                ProcessHandle.of(container.pid()).orElseThrow().children().toList();
        assertFalse(inside.isEmpty());
        inside.forEach(ProcessHandle::destroyForcibly);
        container.exitCode();
    }

    private static long readerTable(Path path) {
        try (ImageStream stream = ImageStream.open(path)) {
            return stream.layout().semaphores().readerPidOffset();
        }
    }

    private static void write(Path path, long offset, int value) throws IOException {
        MemorySegment word = MemorySegment.ofArray(new byte[4]);
        word.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(word.asByteBuffer(), offset);
        }
    }
}
