package org.shmrt.cli.monitor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.shmrt.cli.verb.TextOutput;

/** Lines on a terminal that are redrawn in place. */
class LiveLinesTest {
    @Test
    void shouldPrintAnEventWithoutTheControlCharactersInIt() {
        StringWriter out = new StringWriter();
        try (LiveLines lines = new LiveLines(new TextOutput(out, Path.of("/dev/null")))) {
            lines.printAbove("/tmp/x\u001b[2J was created");
        }

        assertTrue(out.toString().endsWith("/tmp/x\\u001b[2J was created\n"), out.toString());
    }
}
