package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** File names and keywords come from other programs: they cannot break a line of output or control the terminal. */
class ControlCharactersTest {
    private static final String COMMAND = "\u001b[2J";

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Test
    void shouldReportTheReasonForANameWithALineBreakInOneLine() {
        Path path = scratch.stream("two\nlines" + COMMAND);

        for (String verb : new String[] {"info", "rm", "read", "keyword"}) {
            CommandRun run = CommandRun.of(verb, path.toString());

            run.refused(ExitStatus.FAILED, "");
            assertTrue(
                    run.err().contains("there is no ") && run.err().contains("two\\u000alines\\u001b[2J.im.shm"),
                    run.err());
        }
    }

    @Test
    void shouldShowNamesAndKeywordsWithoutControllingTheTerminal() throws Exception {
        Path path = scratch.stream("a" + COMMAND + "\nb");
        try (ImageStream stream = ImageStream.create(
                path, StreamSpec.milk(DataType.UINT8, Shape.of(2, 2)).withKeywords(2))) {
            stream.keywordTable().set("key", "v" + COMMAND);
        }
        Files.writeString(scratch.stream("junk" + COMMAND), "junk");
        String[][] lines = {
            {"info", path.toString()},
            {"list", scratch.directory().toString()},
            {"keyword", path.toString()},
            {"keyword", path.toString(), "key"},
            {"list", "--json", scratch.directory().toString()},
            {"info", "--json", path.toString()}
        };
        for (String[] line : lines) {
            CommandRun run = CommandRun.of(line);

            assertFalse((run.out() + run.err()).contains("\u001b"), run::toString);
            assertTrue(run.out().contains("\\u001b[2J"), run::toString);
        }
    }
}
