package org.shmrt.cli.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmTool;
import org.shmrt.cli.guide.CompletionScript.Shell;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** The words that real shells offer after the scripts of {@code shm completion} have been read. */
@Timeout(600)
class CompletionScriptTest {
    /**
     * Calls the function as bash does when the Tab key is pressed after the last word, and reads each reply as bash reads
     * a line with it.
     */
    private static final String BASH = """
        . "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        _shm
        for word in "${COMPREPLY[@]}"; do eval "printf '%s\\n' $word"; done
        """;

    /** Calls the function as zsh does, with functions of the completion system that print what they are given. */
    private static final String ZSH = """
        compdef() { :; }
        offer() { for word; do [[ $word == $PREFIX* ]] && print -r -- $word; done; true }
        compadd() { if [[ $1 == -a ]]; then offer ${(P)2}; else shift; offer "$@"; fi }
        _describe() { local -a all=(${(P)3}); offer ${all%%:*} }
        _files() { setopt local_options null_glob; offer *(.) }
        _message() { :; }
        . "$1"; shift
        words=("$@"); CURRENT=$#; PREFIX=$words[-1]
        _shm
        """;

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path streams;

    @BeforeEach
    void makeStreams() throws IOException {
        streams = Files.createDirectory(scratch.directory().resolve("streams"));
        for (String name : List.of("cam.im.shm", "camera2.im.shm", "dm.im.shm", "other.txt")) {
            Files.writeString(streams.resolve(name), "");
        }
    }

    private Path script(Shell shell) throws IOException {
        Path file = scratch.directory().resolve("script." + shell);
        return Files.exists(file)
                ? file
                : Files.writeString(file, new CompletionScript(ShmTool.commandLine()).text(shell));
    }

    private String output(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.directory().toFile())
                .redirectErrorStream(true);
        builder.environment().put("MILK_SHM_DIR", streams.toString());
        builder.environment().put("HOME", scratch.directory().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** What a shell offers for a command line, whose last word is to be completed. */
    private Set<String> offered(Shell shell, String line) throws IOException, InterruptedException {
        String script = script(shell).toString();
        Set<String> words = new TreeSet<>();
        switch (shell) {
            case BASH -> {
                List<String> command = new ArrayList<>(List.of("bash", "-c", BASH, "bash", script));
                command.addAll(List.of(line.split(" ", -1)));
                words.addAll(output(command.toArray(String[]::new)).lines().toList());
            }
            case ZSH -> {
                List<String> command = new ArrayList<>(List.of("zsh", "-f", "-c", ZSH, "zsh", script));
                command.addAll(List.of(line.split(" ", -1)));
                words.addAll(output(command.toArray(String[]::new)).lines().toList());
            }
            case FISH ->
                output("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line)
                        .lines()
                        .map(word -> word.replaceFirst("\t.*", ""))
                        .forEach(words::add);
        }
        words.remove("");
        return words;
    }

    private static void assumeInstalled(Shell shell) {
        assumeTrue(ExternalCommand.succeeds(shell.toString(), "--version"), shell + " is not installed");
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void shouldOfferVerbsAndThoseOfAGroup(Shell shell) throws IOException, InterruptedException {
        assumeInstalled(shell);

        assertEquals(Set.of("read", "record", "relay", "repair", "replay"), offered(shell, "shm re"));
        assertEquals(Set.of("read", "rm"), offered(shell, "shm block r"));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void shouldOfferOptionsAndTheirValues(Shell shell) throws IOException, InterruptedException {
        assumeInstalled(shell);

        assertEquals(
                Set.of("--scale", "--sem", "--sheet", "--slice", "--slot", "--stretch", "--saturation"),
                offered(shell, "shm read --s"));
        assertTrue(offered(shell, "shm create x --dtype u").containsAll(Set.of("uint8", "uint16")));
        assertEquals(Set.of("dao"), offered(shell, "shm create x --format d"));
        assertEquals(Set.of("npy"), offered(shell, "shm record x --format n"));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void shouldOfferTheStreamsThatAreThere(Shell shell) throws IOException, InterruptedException {
        assumeInstalled(shell);

        assertEquals(Set.of("cam", "camera2"), offered(shell, "shm read ca"));
        Files.delete(streams.resolve("cam.im.shm"));
        assertEquals(Set.of("camera2"), offered(shell, "shm info ca"));
    }

    /** In a directory such as /tmp, other users choose them. */
    @ParameterizedTest
    @EnumSource(Shell.class)
    void shouldRunNoCommandsInNamesOfStreams(Shell shell) throws IOException, InterruptedException {
        assumeInstalled(shell);
        Set<String> names = Set.of(
                "$(touch${IFS}PWNED)",
                "`touch PWNED`",
                "a b;touch PWNED",
                "it's \"so\"",
                "back\\slash",
                "$HOME",
                "~root",
                "*",
                "{x,y}",
                "hist!!ory");
        for (String name : names) {
            Files.writeString(streams.resolve(name + ".im.shm"), "");
        }

        Set<String> offered = offered(shell, "shm info ");

        assertTrue(offered.containsAll(names), offered::toString);
        assertTrue(offered.containsAll(Set.of("cam", "camera2", "dm")), offered::toString);
        assertEquals(Set.of("back\\slash"), offered(shell, "shm info back"));
        assertFalse(Files.exists(scratch.directory().resolve("PWNED")));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void shouldOfferNoNamesThatAreOptionsOrControlTheTerminal(Shell shell) throws IOException, InterruptedException {
        assumeInstalled(shell);
        for (String name : List.of("--force", "two\nlines", "esc\u001b[2J")) {
            Files.writeString(streams.resolve(name + ".im.shm"), "");
        }

        Set<String> offered = offered(shell, "shm info ");

        assertTrue(offered.contains("cam"), offered::toString);
        assertTrue(offered.stream().noneMatch(word -> word.matches(".*(force|two|lines|esc).*")), offered::toString);
    }

    @Test
    void shouldOfferNamesInOpenQuotesThatTheyProtect() throws IOException, InterruptedException {
        assumeInstalled(Shell.BASH);
        for (String name : List.of("my cam", "my $(touch PWNED)", "my 'cam'")) {
            Files.writeString(streams.resolve(name + ".im.shm"), "");
        }

        assertEquals(List.of("my 'cam'", "my cam"), replies("\"my"));
        assertEquals(List.of("my $(touch PWNED)", "my cam"), replies("'my"));
        assertFalse(Files.exists(scratch.directory().resolve("PWNED")));
    }

    /** What bash would put behind a quote that the last word begins with. */
    private List<String> replies(String word) throws IOException, InterruptedException {
        String plain = BASH.replaceFirst("(?m)^for .*$", "printf '%s\\\\n' \"\\${COMPREPLY[@]}\"");
        return output("bash", "-c", plain, "bash", script(Shell.BASH).toString(), "shm", "info", word)
                .lines()
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void shouldOfferFiles(Shell shell) throws IOException, InterruptedException {
        assumeInstalled(shell);
        Files.writeString(scratch.directory().resolve("flat.npy"), "");

        assertEquals(Set.of("flat.npy"), offered(shell, "shm write cam --in fl"));
    }

    @Test
    void shouldPrintTheScriptOfAShell() {
        CommandRun bash = CommandRun.of("completion", "bash");

        bash.succeeded();
        assertEquals(new CompletionScript(ShmTool.commandLine()).text(Shell.BASH), bash.out());
        CommandRun.of("completion", "tcsh").refused(2, "use bash, zsh or fish");
        assertFalse(bash.out().contains("AUTO"), "values are offered as the help shows them");
    }
}
