package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

@Timeout(600)
class CdsWarmupTest {
    @Test
    void shouldLeaveNothingBehind() throws IOException {
        CommandRun.of("list"); // loads what the comparison must not see
        List<Path> before = entries(CdsWarmup.PREFIX);

        int status = CdsWarmup.run(
                CommandRun.output(Writer.nullWriter()), new PrintWriter(System.err, true, System.err.charset()));

        assertEquals(0, status);
        assertEquals(before, entries(CdsWarmup.PREFIX));
    }

    /** As by Ctrl-C in the first run of shm. Where the warm-up is over before it is seen, there is nothing to end. */
    @Test
    @Tag("slow")
    void shouldLeaveNothingBehindWhenASignalEndsIt() throws IOException, InterruptedException {
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Shm.class, CdsWarmup.ARGUMENT))) {
            String prefix = CdsWarmup.ARGUMENT + "-" + child.pid() + "-";
            while (!child.hasEnded() && entries(prefix).stream().noneMatch(path -> path.startsWith("/dev/shm"))) {
                Thread.sleep(1);
            }
            ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroy);
            while (!child.hasEnded()) {
                Thread.sleep(1);
            }
            assertEquals(List.of(), entries(prefix));
        }
    }

    private static List<Path> entries(String prefix) throws IOException {
        try (Stream<Path> tmp = Files.list(Path.of(System.getProperty("java.io.tmpdir")));
                Stream<Path> shm = Files.list(Path.of("/dev/shm"))) {
            return Stream.concat(tmp, shm)
                    .filter(path -> path.toString().contains(prefix))
                    .toList();
        }
    }
}
