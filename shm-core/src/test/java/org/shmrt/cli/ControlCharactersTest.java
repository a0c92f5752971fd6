package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
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

    /** A page in shared memory, which any user may have made. */
    @Test
    void shouldShowAPageOfAnotherUserWithoutControllingTheTerminal() throws Exception {
        ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(0, 0x6365725452_6d6853L).putInt(8, 1);
        page.put(128, ("/tmp/d" + COMMAND + "\u009b2J").getBytes(StandardCharsets.UTF_8));
        page.put(1152, ("lost" + COMMAND).getBytes(StandardCharsets.UTF_8));
        Files.write(scratch.directory().resolve("shmrt-record.night"), page.array());

        for (String json : new String[] {"", " --json"}) {
            try (ChildProcess child = shm("record status night" + json)) {
                String out = String.join("\n", child.finish());

                assertFalse(out.contains("\u001b") || out.contains("\u009b"), out);
                assertTrue(out.contains("/tmp/d\\u001b[2J\\u009b2J") && out.contains("lost\\u001b[2J"), out);
            }
        }
    }

    private ChildProcess shm(String line) {
        List<String> command = new ArrayList<>(List.of("env", "SHMRT_LOOP_DIR=" + scratch.directory()));
        command.addAll(ChildJvm.command(ChildJvm.QUICK, Shm.class, line.split(" ")));
        return ChildProcess.start(command);
    }
}
