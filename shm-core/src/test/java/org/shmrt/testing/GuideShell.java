package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.process.ChildProcess;

/**
 * Runs the shell commands of a documentation page, in one shell and in order. A {@code ```text} block directly after a
 * {@code ```sh} block is its expected standard output, in which {@code DIR} stands for the stream directory. Names that
 * the page lists in a comment {@code <!-- names: aol8 imcam -->} are replaced by unique names at the start of words.
 *
 * <p>Lists are sorted, and numbers have decimal points, as on the page: the locale is {@code C.UTF-8}.
 *
 * <p>A block with a file name, {@code ```java Loop.java}, is saved under that name before. The commands find {@code shm}
 * and {@code loop-java}, which starts Java like {@code bin/loop-java}.
 *
 * @param markdown the page
 * @param numbers how numbers are compared
 */
public record GuideShell(String markdown, Numbers numbers) {
    /** Whether numbers of the output have to be those of the page. */
    public enum Numbers {
        EXACT,
        /** Each number, and the spaces before it, may differ: for measured times. */
        ANY
    }

    private static final Pattern BLOCK = Pattern.compile(
            "^```sh\\n(.*?)^```\\n(?:\\s*^```text\\n(.*?)^```\\n)?", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern FILE =
            Pattern.compile("^```[a-z]+ ([\\w.-]+)\\n(.*?)^```\\n", Pattern.DOTALL | Pattern.MULTILINE);
    /** A file that a command writes. */
    private static final Pattern OUTPUT = Pattern.compile(">([^\\s>&]+)");

    private static final Pattern NAMES = Pattern.compile("<!-- names: (.*?) -->");
    /** A page that fails leaves the directory that it has made for its streams. */
    private static final String REMOVE_OWN =
            "case \"$MILK_SHM_DIR\" in /dev/shm/??????) rm -rf \"$MILK_SHM_DIR\";; esac";

    private static final String MARK = "--- end of block";

    /** For a page whose output is always the same. */
    public GuideShell(String markdown) {
        this(markdown, Numbers.EXACT);
    }

    /** Runs the blocks, and asserts that all commands succeed and print the expected output. */
    public void run(Class<?> main, Scratch scratch) throws IOException {
        Path work = Files.createDirectory(scratch.directory().resolve("work"));
        Path streams = Files.createDirectory(scratch.directory().resolve("streams"));
        Path bin = Files.createDirectory(scratch.directory().resolve("bin"));
        List<String> shm = ChildJvm.command(ChildJvm.QUICK, main);
        program(bin.resolve("shm"), shm);
        program(bin.resolve("loop-java"), shm.subList(0, shm.size() - 1));
        StringBuilder script = new StringBuilder("trap 'kill $(jobs -p) 2>/dev/null || true; " + REMOVE_OWN
                + "' EXIT\nset -eu -o pipefail\nexport LC_ALL=C.UTF-8\nexport MILK_SHM_DIR='" + streams
                + "'\nexport PATH='" + bin
                + "':\"$PATH\"\n");
        Matcher files = FILE.matcher(markdown);
        while (files.find()) {
            Files.writeString(work.resolve(files.group(1)), unique(files.group(2), scratch));
        }
        List<String> expected = new ArrayList<>();
        Set<String> written = new HashSet<>();
        Matcher blocks = BLOCK.matcher(markdown);
        while (blocks.find()) {
            requireNewOutputs(blocks.group(1), written);
            script.append(unique(blocks.group(1), scratch))
                    .append("echo '")
                    .append(MARK)
                    .append("'\n");
            expected.add(comparable(
                    blocks.group(2) == null
                            ? ""
                            : unique(blocks.group(2), scratch).replace("DIR", streams.toString())));
        }
        Path file = Files.writeString(scratch.directory().resolve("page.sh"), script);
        List<String> printed = new ArrayList<>();
        try (ChildProcess shell = ChildProcess.builder(List.of("bash", file.toString()))
                .directory(work)
                .start()) {
            StringBuilder block = new StringBuilder();
            for (String line : shell.finish()) {
                if (line.equals(MARK)) {
                    printed.add(comparable(block.toString()));
                    block.setLength(0);
                } else {
                    block.append(line).append('\n');
                }
            }
        }
        assertEquals(expected, printed);
    }

    /** A command in the background empties its file at some later time: a wait for its text may find an earlier one's. */
    private static void requireNewOutputs(String block, Set<String> written) {
        for (String line : block.split("\n")) {
            boolean isInBackground = line.endsWith(" &");
            Matcher outputs = OUTPUT.matcher(line);
            while (outputs.find()) {
                boolean isNew = written.add(outputs.group(1));
                assertTrue(isNew || !isInBackground, () -> "a command in the background reuses a file: " + line);
            }
        }
    }

    private static void program(Path file, List<String> command) throws IOException {
        StringBuilder script = new StringBuilder("#!/bin/sh\nexec");
        command.forEach(word -> script.append(" '").append(word).append('\''));
        Files.writeString(file, script.append(" \"$@\"\n"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String comparable(String output) {
        return numbers == Numbers.EXACT
                ? output
                : output.replaceAll(" *\\b[0-9][0-9.]*\\b", " #").replaceAll(" +", " ");
    }

    private String unique(String text, Scratch scratch) {
        String result = text;
        Matcher names = NAMES.matcher(markdown);
        while (names.find()) {
            for (String name : names.group(1).split("\\s+")) {
                result = result.replaceAll(
                        "\\b" + Pattern.quote(name) + "(?=\\b|_)", Matcher.quoteReplacement(scratch.prefix() + name));
            }
        }
        return result;
    }
}
