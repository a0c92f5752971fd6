package org.shmrt.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Checks how a program reports a command line that it does not understand. */
public final class WrongUsage {
    private WrongUsage() {}

    /** Asserts that the words are rejected with the status of wrong usage and one line that begins with a prefix. */
    public static void assertRejectedInOneLine(CommandLine program, String words, String prefix) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(output, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = program.execute(words.split(" "));
        } finally {
            System.setErr(before);
        }

        assertEquals(CommandLine.ExitCode.USAGE, status);
        List<String> lines = output.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith(prefix), lines::toString);
    }
}
