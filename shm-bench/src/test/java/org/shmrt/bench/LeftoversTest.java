package org.shmrt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.process.ChildProcess;

@Tag("slow")
@Timeout(600)
class LeftoversTest {
    private static final long SILENCE_NS = 60_000_000_000L;

    @Test
    void shouldRemoveStreamsAndDirectoriesWhenASignalEndsTheProcess() throws IOException, InterruptedException {
        List<String> command = RigProcess.java(List.of("-XX:-UsePerfData"), LeftoversChild.class);
        try (ChildProcess child = RigProcess.start("child", command, SILENCE_NS)) {
            String stream = child.line();
            String directory = child.line();
            assertFalse(entries(stream).isEmpty());
            assertFalse(entries(directory).isEmpty());

            ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroy);
            while (!child.hasEnded()) {
                Thread.sleep(5);
            }

            assertEquals(List.of(), entries(stream));
            assertEquals(List.of(), entries(directory));
        }
    }

    /** With the semaphores, whose names contain that of the stream. */
    private static List<Path> entries(String name) throws IOException {
        try (Stream<Path> files = Files.list(TemporaryStream.memoryDirectory())) {
            return files.filter(file -> file.toString().contains(name)).toList();
        }
    }
}
