package org.shmrt.cli.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.ShmTool;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** The manual pages: one for each verb, with the text of its help, as troff accepts it. */
@Timeout(600)
class ManualPagesTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path pages;

    @BeforeEach
    void writePages() throws IOException {
        pages = scratch.directory().resolve("man1");
        new ManualPages(ShmTool.commandLine(), "1.2").write(pages);
    }

    @Test
    void shouldHaveAPageForEachVerb() throws IOException {
        List<String> expected = VerbModel.of(ShmTool.commandLine()).all().stream()
                .map(verb -> ("shm " + verb.path()).strip().replace(' ', '-') + ".1")
                .sorted()
                .toList();

        try (Stream<Path> files = Files.list(pages)) {
            assertEquals(
                    expected,
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertTrue(expected.containsAll(List.of("shm.1", "shm-read.1", "shm-block-list.1")), expected.toString());
    }

    @Test
    void shouldDescribeArgumentsOptionsAndVerbs() throws IOException {
        String read = Files.readString(pages.resolve("shm-read.1"));
        String block = Files.readString(pages.resolve("shm-block.1"));

        assertTrue(read.contains(".TH \"SHM\\-READ\" 1 \"\" \"ShmRT 1.2\""), read);
        assertTrue(read.contains(".TP\n\\fISTREAM\\fR\nPath or bare name."), read);
        assertTrue(read.contains("\\fB\\-\\-timeout\\fR\\fI=TIME\\fR"), read);
        assertTrue(block.contains(".TP\n\\fBlist\\fR\n"), block);
        assertTrue(block.contains("\\fBshm\\-block\\-list\\fR(1)"), block);
    }

    /** A line that begins with a dot would be a request of troff, and the text would be lost. */
    @ParameterizedTest
    @CsvSource({"'.npy or .fits','\\&.npy or .fits'", "'''quoted','\\&''quoted'", "a\\nb-c,a\\enb\\-c"})
    void shouldPrintTextAsItIs(String text, String source) {
        assertEquals(source, ManualPages.escaped(text));
    }

    @Test
    void shouldBeAcceptedByTroff() throws IOException, InterruptedException {
        assumeTrue(ExternalCommand.succeeds("groff", "--version"), "groff is not installed");
        try (Stream<Path> files = Files.list(pages)) {
            List<String> command = Stream.concat(
                            Stream.of("groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z"),
                            files.map(Path::toString).sorted())
                    .toList();
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();

            assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, process.waitFor());
        }
    }
}
