package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.StreamChild;

/** Reservations of semaphores in the table of a milk stream. */
@Timeout(600)
class MilkReservationTest {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final int NOBODY = -1;
    private static final int LAST = 9;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;
    private long table;

    @BeforeEach
    void create() {
        path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)))) {
            table = stream.layout().semaphores().readerPidOffset();
        }
    }

    private int entry(int index) {
        ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            assertEquals(Integer.BYTES, file.read(word, table + 4L * index));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return word.getInt(0);
    }

    private void enter(int index, long pid) {
        ByteBuffer word = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, (int) pid);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(word, table + 4L * index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the index that a reader gets by default, after releasing it. */
    private int chosen() {
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            assertEquals(OWN_PID, entry(reader.semaphoreIndex()));
            return reader.semaphoreIndex();
        }
    }

    @Test
    void shouldGiveEachReaderOfAProcessItsOwnSemaphore() throws IOException {
        Path link = Files.createSymbolicLink(scratch.stream("link"), path);
        try (ImageStream one = ImageStream.open(path);
                ImageStream two = ImageStream.open(link);
                FrameReader first = one.reader(WaitStrategy.semaphore());
                FrameReader second = one.reader(WaitStrategy.hybrid(1000));
                FrameReader third = two.reader(WaitStrategy.semaphore())) {
            assertEquals(
                    Set.of(9, 8, 7), Set.of(first.semaphoreIndex(), second.semaphoreIndex(), third.semaphoreIndex()));
            assertEquals(OWN_PID, entry(9));
            assertEquals(OWN_PID, entry(8));
            assertEquals(OWN_PID, entry(7));
            assertEquals(NOBODY, entry(6));
        }
        Files.delete(link);
    }

    @Test
    void shouldGiveReadersOfTwoProcessesDifferentSemaphores() {
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore());
                ChildProcess other = ChildJvm.start("await", path, "sem", 1, 30_000_000_000L)) {
            assertEquals(9, reader.semaphoreIndex());
            assertEquals("ready 8", other.line());
            assertEquals(other.pid(), entry(8));
            other.kill();

            assertEquals(8, chosen(), "its owner was killed");
        }
    }

    @Test
    void shouldReleaseItOnClose() {
        try (ImageStream stream = ImageStream.open(path)) {
            FrameReader reader = stream.reader(WaitStrategy.semaphore());
            assertEquals(OWN_PID, entry(LAST));

            reader.close();
            reader.close();

            assertEquals(NOBODY, entry(LAST));
            stream.reader(WaitStrategy.semaphore());
            assertEquals(OWN_PID, entry(LAST));
        }
        assertEquals(NOBODY, entry(LAST), "the stream was closed with its reader");
    }

    @Test
    void shouldNotRemoveAnEntryThatAnotherProcessTookOver() {
        try (ImageStream stream = ImageStream.open(path)) {
            FrameReader reader = stream.reader(WaitStrategy.semaphore());
            enter(LAST, 1);
            reader.close();
        }
        assertEquals(1, entry(LAST));
    }

    @Test
    void shouldTakeOverAnEntryWithItsOwnPid() {
        enter(LAST, OWN_PID);

        assertEquals(LAST, chosen());
        assertEquals(NOBODY, entry(LAST));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -4711, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldTakeOverAnEntryThatIsNotAPid(int number) {
        enter(LAST, number);

        assertEquals(LAST, chosen());
    }

    @Test
    void shouldTakeOverTheEntryOfADeadProcess() {
        ChildProcess dead = ChildProcess.start(List.of("true"));
        dead.finish();
        enter(LAST, dead.pid());

        assertEquals(LAST, chosen());
    }

    /** As after the end of a reader whose pid was reused. */
    @Test
    void shouldTakeOverTheEntryOfAProcessThatDoesNotMapTheFile() {
        Assumptions.assumeTrue(canLookInto(OWN_PID), "this process may not inspect others");
        try (ChildProcess other = ChildProcess.start(List.of("sleep", "600"))) {
            enter(LAST, other.pid());

            assertEquals(LAST, chosen());
        }
    }

    @Test
    void shouldRespectAProcessThatMapsTheFile() {
        PythonPeer.assumePresent();
        String program = "import mmap,sys; f=open(sys.argv[1],'r+b'); m=mmap.mmap(f.fileno(),0); print('mapped',"
                + "flush=True); sys.stdin.read()";
        try (ChildProcess other = ChildProcess.start(List.of("python3", "-c", program, path.toString()))) {
            assertEquals("mapped", other.line());
            enter(LAST, other.pid());

            assertEquals(8, chosen());
            assertEquals(other.pid(), entry(LAST));
        }
    }

    private static boolean canLookInto(long pid) {
        try {
            return !Files.readAllLines(Path.of("/proc/" + pid + "/maps")).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Depending on the user, the other process or this one lacks the permission. */
    @Test
    void shouldRespectAProcessOfAnotherUser() throws IOException {
        try (ChildProcess foreign = ChildProcess.start(List.of("sleep", "600"))) {
            if (!System.getProperty("user.name").equals("root")) {
                Assumptions.assumeFalse(canLookInto(1), "this user may inspect process 1");
                enter(LAST, 1);
                assertEquals(8, chosen());
                return;
            }
            List<String> command =
                    new ArrayList<>(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"));
            boolean possible = works(command, ChildJvm.java(), "-version") && works(command, "test", "-r", classes());
            Assumptions.assumeTrue(possible, "user nobody cannot start Java with these classes");
            Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
            // The jar repository is often readable by root only.
            Path copy = Files.copy(Path.of(agrona()), scratch.directory().resolve("agrona.jar"));
            enter(LAST, foreign.pid());
            for (String word :
                    ChildJvm.command(ChildJvm.QUICK, StreamChild.class, "await", path.toString(), "sem", "1", "1")) {
                command.add(word.replace(agrona(), copy.toString()));
            }
            try (ChildProcess nobody = ChildProcess.start(command)) {
                assertEquals("ready 8", nobody.line());
            }
            assertEquals(LAST, chosen(), "root may inspect the process, and it does not map the file");
        }
    }

    private static String agrona() {
        return IdleStrategy.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    private static String classes() {
        return StreamChild.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
    }

    private static boolean works(List<String> prefix, String... words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(words));
        return ExternalCommand.succeeds(all.toArray(String[]::new));
    }

    @Test
    void shouldGrantARequestedIndex() {
        try (ImageStream stream = ImageStream.open(path);
                FrameReader first = stream.reader(WaitStrategy.semaphore(4))) {
            assertEquals(4, first.semaphoreIndex());
            try (FrameReader second = stream.reader(WaitStrategy.semaphore(4))) {
                assertEquals(4, second.semaphoreIndex());
                assertEquals(OWN_PID, entry(4));
            }
            assertEquals(OWN_PID, entry(4), "the first reader keeps its reservation");
        }
        assertEquals(NOBODY, entry(4));
    }

    @Test
    void shouldReserveNoneWhenAllAreReserved() {
        try (ImageStream stream = ImageStream.open(path)) {
            Set<Integer> indices = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                assertTrue(indices.add(stream.reader(WaitStrategy.semaphore()).semaphoreIndex()));
            }
            assertEquals(-1, stream.reader(WaitStrategy.semaphore()).semaphoreIndex());
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(NOBODY, entry(i));
        }
    }

    @Test
    void shouldRejectAnIndexThatDoesNotExist() {
        try (ImageStream stream = ImageStream.open(path)) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> stream.reader(WaitStrategy.semaphore(10)));
            assertTrue(refusal.getMessage().contains("0 to 9"), refusal.getMessage());
        }
    }
}
