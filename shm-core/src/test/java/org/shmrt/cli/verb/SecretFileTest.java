package org.shmrt.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.error.ShmException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecretFileTest {
    @TempDir
    Path directory;

    private static void restrict(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void assertRefused(Path file, String part) {
        ShmException refused = assertThrows(ShmException.class, () -> SecretFile.read(file, "--token-file"));
        assertTrue(refused.getMessage().startsWith("--token-file"), refused.getMessage());
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    @Test
    void shouldReadALine() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), " secret\n");
        restrict(file);

        assertEquals("secret", SecretFile.read(file, "--token-file"));
    }

    /** As {@code --token-file <(COMMAND)} of a shell does. */
    @Test
    void shouldReadADescriptorOfAnotherProgramsOutput() throws Exception {
        List<String> java = ChildJvm.command(ChildJvm.QUICK, SecretFileTest.class);
        StringBuilder line = new StringBuilder("exec");
        java.forEach(word -> line.append(" '").append(word).append('\''));
        line.append(" <(sleep 0.2; echo secret)");

        try (ChildProcess child = ChildProcess.start(List.of("bash", "-c", line.toString()))) {
            assertEquals("secret", String.join("", child.finish()));
        }
    }

    /** The child: prints the secret of the given file. */
    public static void main(String[] arguments) {
        System.out.println(SecretFile.read(Path.of(arguments[0]), "--token-file"));
    }

    @Test
    void shouldRefuseWhatIsNoPrivateSmallFile() throws Exception {
        Path open = Files.writeString(directory.resolve("open"), "secret");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Path large = Files.write(directory.resolve("large"), new byte[4097]);
        restrict(large);
        Path pipe = directory.resolve("pipe");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                        .start()
                        .waitFor());

        assertRefused(open, "chmod 600");
        assertRefused(large, "more than 4096 bytes");
        assertRefused(pipe, "it is a pipe or device");
    }
}
