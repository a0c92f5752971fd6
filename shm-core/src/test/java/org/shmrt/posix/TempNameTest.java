package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.process.ChildProcess;

/** Which leftover temporary files are removed. */
class TempNameTest {
    @TempDir
    Path directory;

    private Path target;
    private String own;

    @BeforeEach
    void findOwnName() {
        target = directory.resolve("file");
        own = TempName.beside(target).getFileName().toString();
    }

    /** The temporary name that another process would have chosen. */
    private Path nameOf(long pid) throws IOException {
        String other = own.replace("-" + ProcessHandle.current().pid() + "-", "-" + pid + "-");
        return Files.createFile(directory.resolve(other));
    }

    private static long deadPid() {
        ChildProcess dead = ChildProcess.start(List.of("true"));
        dead.finish();
        return dead.pid();
    }

    @Test
    void shouldReturnADifferentNameEachTime() {
        assertNotEquals(own, TempName.beside(target).getFileName().toString());
    }

    @Test
    void shouldRemoveTheFileOfADeadProcess() throws IOException {
        Path left = nameOf(deadPid());

        TempName.beside(target);

        assertTrue(Files.notExists(left));
    }

    @Test
    void shouldRemoveALinkOfADeadProcessButNotItsTarget() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "stays");
        Path left = nameOf(deadPid());
        Files.delete(left);
        Files.createSymbolicLink(left, victim);

        TempName.beside(target);

        assertTrue(Files.notExists(left));
        assertEquals("stays", Files.readString(victim));
    }

    @Test
    void shouldKeepTheFilesOfLiveProcesses() throws IOException {
        try (ChildProcess living = ChildProcess.start(List.of("sleep", "600"))) {
            Path other = nameOf(living.pid());
            Path ownFile = nameOf(ProcessHandle.current().pid());

            TempName.beside(target);

            assertTrue(Files.exists(other));
            assertTrue(Files.exists(ownFile));
        }
    }

    @Test
    void shouldKeepTheFilesOfOtherNamespacesAndPatterns() throws IOException {
        String dead = nameOf(deadPid()).getFileName().toString();
        Path elsewhere = Files.createFile(directory.resolve(dead.replace(".shmrt-", ".shmrt-9")));
        Path old = Files.createFile(directory.resolve(".shmrt-0123456789abcdef"));
        Path folder = Files.createDirectory(directory.resolve(dead.replaceAll("[0-9a-f]{16}$", "0".repeat(16))));

        TempName.beside(target);

        assertEquals(
                List.of(true, true, true),
                List.of(elsewhere, old, folder).stream().map(Files::exists).toList());
    }
}
