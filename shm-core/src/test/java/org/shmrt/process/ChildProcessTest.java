package org.shmrt.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.testing.ChildJvm;

@Timeout(600)
class ChildProcessTest {
    private static final long SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @TempDir
    private Path directory;

    private static ChildProcess shell(String script) {
        return shellBuilder(script).start();
    }

    private static ChildProcess.Builder shellBuilder(String script) {
        return ChildProcess.builder(List.of("sh", "-c", script)).name("the shell");
    }

    private static String messageOf(Executable call) {
        return assertThrows(ChildProcessException.class, call).getMessage();
    }

    private static boolean exists(long pid) {
        return Files.exists(Path.of("/proc/" + pid));
    }

    @Test
    void shouldReadLinesInOrder() {
        try (ChildProcess child = shell("echo one; echo two; echo three; echo four; echo five")) {
            assertEquals("one", child.line());
            child.expect("two");
            assertEquals("four", child.lineWith("fo"));
            assertEquals(List.of("five"), child.finish());
            assertEquals(List.of(), child.rest());
        }
    }

    @Test
    void shouldSendLinesAndTheEndOfInput() {
        try (ChildProcess child = ChildProcess.start(List.of("cat"))) {
            child.send("ä line");
            assertEquals("ä line", child.line());
            assertFalse(child.hasEnded());
            child.closeInput();
            assertEquals(List.of(), child.finish());
        }
    }

    @Test
    void shouldPollOnlyLinesThatHaveArrived() throws InterruptedException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (ChildProcess child = shellBuilder("read word; echo got $word")
                .onOutput(() -> events.add("event"))
                .start()) {
            assertEquals(Optional.empty(), child.pollLine());
            child.send("it");
            events.take();
            assertEquals(Optional.of("got it"), child.pollLine());
            events.take();
            assertTrue(child.hasEnded());
            assertEquals(Optional.empty(), child.pollLine());
            assertEquals(List.of(), child.rest());
        }
    }

    @Test
    void shouldReportStatusAndErrorsOfAChildThatEndsTooEarly() {
        try (ChildProcess child = shell("echo first; echo broken >&2; echo pipe >&2; exit 3")) {
            assertEquals("first", child.line());

            assertEquals(
                    "the shell ended with status 3 where a line of output was expected; standard error: broken | pipe",
                    messageOf(child::line));
            assertTrue(messageOf(child::finish).startsWith("the shell ended with status 3; output: []"));
            assertEquals(3, child.exitCode());
            assertEquals("broken\npipe\n", child.errors());
            assertEquals("pipe", child.lastErrorLine());
            child.send("nobody reads this");
            child.closeInput();
        }
    }

    @Test
    void shouldReportAnUnexpectedLine() {
        try (ChildProcess child = shell("echo error")) {
            assertEquals("the shell printed 'error' instead of 'ready'", messageOf(() -> child.expect("ready")));
        }
    }

    @Test
    void shouldNotWaitLongerThanTheSilenceTimeout() {
        try (ChildProcess child =
                shellBuilder("exec sleep 60").silenceTimeoutNs(SILENCE_NS).start()) {
            long startNs = System.nanoTime();

            assertEquals("the shell printed nothing for 0 s", messageOf(child::line));
            assertEquals("the shell was still running after 0 s", messageOf(child::exitCode));
            assertTrue(System.nanoTime() - startNs >= 2 * SILENCE_NS);
        }
    }

    @Test
    void shouldStayInterruptedWhenAWaitIsInterrupted() {
        try (ChildProcess child = shell("exec sleep 60")) {
            Thread.currentThread().interrupt();

            assertEquals("interrupted while waiting for the shell", messageOf(child::line));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldKillOnCloseAndLeaveNoZombie() {
        ChildProcess child = shell("trap '' TERM HUP INT; echo ready; exec sleep 60");
        child.expect("ready");

        child.close();

        assertFalse(exists(child.pid()));
        assertEquals(128 + 9, child.exitCode());
        child.close();
        child.kill();
    }

    @Test
    void shouldLeaveNoZombieOfAChildThatEnded() {
        try (ChildProcess child = shell("exit 0")) {
            assertEquals(0, child.exitCode());

            assertFalse(exists(child.pid()));
        }
    }

    @Test
    void shouldNotBlockAChildThatWritesMuch() {
        try (ChildProcess child = shell("seq 1 40000; seq 1 40000 >&2")) {
            assertEquals(0, child.exitCode());

            assertEquals(40000, child.rest().size());
            assertEquals("40000", child.lastErrorLine());
        }
    }

    @Test
    void shouldStartInADirectory() throws Exception {
        Files.createFile(directory.resolve("here"));
        try (ChildProcess child =
                ChildProcess.builder(List.of("ls")).directory(directory).start()) {
            assertEquals(List.of("here"), child.finish());
        }
    }

    @Test
    void shouldSayWhatCannotBeStarted() {
        String message = messageOf(() -> ChildProcess.start(List.of("/nonexistent/program", "x".repeat(400))));

        assertTrue(message.startsWith("cannot start /nonexistent/program ...: "), message);
        assertTrue(message.endsWith("check the path of /nonexistent/program"), message);
    }

    @Test
    void shouldEndTheInputOfAChildWhoseParentIsKilled() throws Exception {
        try (ChildProcess parent = ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Parent.class))) {
            long grandchild = Long.parseLong(parent.line());
            assertTrue(exists(grandchild));

            parent.kill();

            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (isRunning(grandchild) && System.nanoTime() < deadlineNs) {
                Thread.sleep(10);
            }
            assertFalse(isRunning(grandchild));
        }
    }

    /** Not even a zombie counts, which an orphan remains where process 1 does not reap it. */
    private static boolean isRunning(long pid) throws IOException {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** A JVM with a child of its own. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) {
            try (ChildProcess child = ChildProcess.start(List.of("cat"))) {
                child.send("ready");
                child.expect("ready");
                System.out.println(child.pid());
                child.exitCode();
            }
        }
    }
}
