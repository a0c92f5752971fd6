package org.shmrt.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

class FileNamesTest {
    @TempDir
    Path directory;

    /** Creates a file in another program, which can give it any name. */
    private Path create(String shellName) throws IOException, InterruptedException {
        Process shell =
                new ProcessBuilder("bash", "-c", "cd \"$1\" && : > " + shellName, "bash", directory.toString()).start();
        assertEquals(0, shell.waitFor());
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size());
            return all.get(0);
        }
    }

    private void assertNamed(String text, Path file) throws IOException {
        assertEquals(directory + "/" + text, FileNames.text(file));
        assertEquals(text, FileNames.text(file.getFileName()));
        assertTrue(Files.isSameFile(file, FileNames.parse(directory + "/" + text)));
        assertTrue(Files.isSameFile(file, FileNames.parse(directory, text)));
    }

    /** In the C locale, in a process of its own. */
    @Test
    void shouldNameFilesThatTheLocaleCannotEncode() {
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C"));
        command.addAll(ChildJvm.command(ChildJvm.QUICK, CLocale.class, directory.toString()));

        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of("done"), child.finish());
        }
    }

    static final class CLocale {
        private CLocale() {}

        public static void main(String[] words) throws IOException {
            Path in = Path.of(words[0]);
            String name = "\u00e9\u4e2d";
            Path file = Files.createFile(FileNames.parse(in, name));
            Files.createDirectory(FileNames.parse(in, "\u00e8"));
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            for (Path again : List.of(
                    FileNames.parse(in + "/" + name),
                    FileNames.parse(in, "./" + name),
                    FileNames.parse(in, "\u00e8/../" + name),
                    in.resolve(FileNames.name(name)),
                    FileNames.parse(FileNames.text(file)))) {
                assertTrue(Files.isSameFile(file, again), again.toString());
                assertArrayEquals(utf8, FileNames.bytes(again.getFileName()));
                assertEquals(name, FileNames.text(again.getFileName()));
            }
            assertEquals(Path.of("a"), FileNames.parse("a/" + name).getParent());
            System.out.println("done");
        }
    }

    @Test
    void shouldNameAFileWhoseNameIsLatin1() throws Exception {
        Path file = create("$'caf\\xe9.im.shm'");

        assertNamed("caf\\xe9.im.shm", file);
        byte[] bytes = FileNames.bytes(file.getFileName());
        assertArrayEquals("caf\u00e9.im.shm".getBytes(StandardCharsets.ISO_8859_1), bytes);
    }

    @Test
    void shouldNameAFileOfBytesAndCharacters() throws Exception {
        assertNamed("\\xff\u00e4\\x80\u4e2d\\xe4.raw", create("$'\\xff\\xc3\\xa4\\x80\\xe4\\xb8\\xad\\xe4.raw'"));
    }

    @Test
    void shouldDistinguishAnEscapeFromTheSameCharacters() throws Exception {
        Path file = create("'a\\xe9b'");

        assertNamed("a\\x5cxe9b", file);
        assertEquals(file, FileNames.parse(directory + "/a\\xe9b"), "the file of exactly this name comes first");
    }

    @Test
    void shouldLeaveOrdinaryNamesAlone() throws Exception {
        assertNamed("\u00fc \\n\\x2f\\x00.raw", create("'\u00fc \\n\\x2f\\x00.raw'"));
        assertEquals(Path.of("x"), FileNames.parse("x"));
    }

    @Test
    void shouldParseRelativePaths() {
        assertEquals(FileNames.parse(Path.of("").toAbsolutePath() + "/no/\\xe9"), FileNames.parse("no/\\xe9"));
    }
}
