package org.shmrt.telemetry.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.FileMapping;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.SizeChanges;

/** milk's processinfo, read back by a C program, and the commands of a control program. */
@Timeout(600)
class ProcessInfoTest {
    private static final long PID = ProcessHandle.current().pid();
    private static final int CONTROL = 520;
    private static final int ACTIVE = 200_000;

    @TempDir
    private Path directory;

    private ProcessInfo create(ProcessInfo.Layout layout) {
        return ProcessInfo.create(
                directory,
                layout,
                new ProcessInfo.Description("hwfs", 80, 2, ProcessInfo.TriggerMode.COUNTER_0, "cam"));
    }

    private static int word(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer word = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(word, at);
            return word.getInt(0);
        }
    }

    private static void store(Path file, int value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value), CONTROL);
        }
    }

    @Test
    void shouldLeaveNoFileIfTheListIsFull() throws IOException {
        try (ProcessInfo info = create(ProcessInfo.Layout.ORIGINAL)) {
            assertTrue(Files.exists(info.path()));
        }
        Path list = directory.resolve("processinfo.list.shm");
        try (FileChannel channel = FileChannel.open(list, StandardOpenOption.WRITE)) {
            byte[] active = new byte[200_000];
            Arrays.fill(active, (byte) 1);
            channel.write(ByteBuffer.wrap(active), ACTIVE);
        }

        assertThrows(BusyException.class, () -> create(ProcessInfo.Layout.ORIGINAL));

        assertEquals(List.of(list), files());
    }

    @Test
    void shouldLeaveNoFileIfTheListIsTruncatedMeanwhile() throws Exception {
        create(ProcessInfo.Layout.ORIGINAL).close();
        Path list = directory.resolve("processinfo.list.shm");
        long bytes = Files.size(list);
        SizeChanges.during(
                list,
                List.of(bytes, 100_000L, bytes),
                1000,
                IncompatibleException.class,
                () -> create(ProcessInfo.Layout.ORIGINAL).close());

        assertEquals(List.of(list), files());
        assertTrue(
                FileMapping.of(PID).stream().noneMatch(mapping -> mapping.path().startsWith(directory.toString())));
    }

    @Test
    void shouldRemoveItsFileIfFileAndListWereTruncated() throws IOException {
        ProcessInfo info = create(ProcessInfo.Layout.ORIGINAL);
        Path list = directory.resolve("processinfo.list.shm");
        FileTruncation.truncate(info.path(), 0);
        FileTruncation.truncate(list, 0);

        info.close();

        assertEquals(List.of(list), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @EnumSource(ProcessInfo.Layout.class)
    void shouldBeReadByAProgramInC(ProcessInfo.Layout layout) throws IOException {
        assumeTrue(ExternalCommand.succeeds("cc", "--version"), "no C compiler");
        Path source = directory.resolve("probe.c");
        try (InputStream in = ProcessInfoTest.class.getResourceAsStream("processinfo_probe.c")) {
            Files.copy(in, source);
        }
        Path probe = directory.resolve("probe");
        String variant = layout == ProcessInfo.Layout.NEWER ? "-DNEWER" : "-DORIGINAL";
        try (ChildProcess compiler =
                ChildProcess.start(List.of("cc", variant, "-o", probe.toString(), source.toString()))) {
            assertEquals(0, compiler.exitCode(), compiler.errors());
        }
        try (ProcessInfo info = create(layout)) {
            info.state(ProcessInfo.State.RUNNING, "runs");
            for (int i = 0; i < 250; i++) {
                info.step(1_000_000L * i, 1_000_000L * i + 4321, 0);
            }
            try (ChildProcess child =
                    ChildProcess.start(List.of(probe.toString(), info.path().toString()))) {
                assertEquals("hwfs " + PID + " 250 -1 0 1 1 [cam] 80 2 1 50 2 4321 ShmRT control loop", child.line());
            }
        }
    }

    @Test
    void shouldTakeAnEntryAndFreeItAtTheEnd() throws IOException {
        Path list = directory.resolve("processinfo.list.shm");
        ProcessInfo first = create(ProcessInfo.Layout.ORIGINAL);
        assertEquals(4_800_000, Files.size(list));
        assertEquals(PID, word(list, 0));
        assertEquals(1, word(list, ACTIVE));
        assertEquals(4624, Files.size(first.path()));
        assertEquals(directory.resolve(String.format("proc.hwfs.%06d.shm", PID)), first.path());
        first.close();
        first.close();
        assertEquals(0, word(list, ACTIVE));
        assertFalse(Files.exists(first.path()));
    }

    @Test
    void shouldObeyTheControlWord() throws IOException {
        try (ProcessInfo info = create(ProcessInfo.Layout.NEWER)) {
            assertEquals(ProcessInfo.Layout.NEWER, ProcessInfo.layoutIn(directory));
            ProcessInfo.Control[] expected = {
                ProcessInfo.Control.RUN,
                ProcessInfo.Control.PAUSE,
                ProcessInfo.Control.STEP,
                ProcessInfo.Control.EXIT,
                ProcessInfo.Control.RUN,
                ProcessInfo.Control.NO_COMPUTE,
                ProcessInfo.Control.RUN
            };
            for (int value = 0; value < expected.length; value++) {
                store(info.path(), value);
                assertEquals(expected[value], info.control(), "control word " + value);
            }
            store(info.path(), 2);
            info.stepped();
            assertEquals(1, word(info.path(), CONTROL));
        }
        assertEquals(ProcessInfo.Layout.ORIGINAL, ProcessInfo.layoutIn(directory));
    }
}
