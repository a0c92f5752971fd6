package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.process.ChildProcess;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** How the command treats its user: help, suggestions, colours, and what it would do. */
@Timeout(600)
class CommandMannersTest {
    private static final String ESCAPE = "\u001b[";

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private void create() {
        shm.run("create", "STREAM", "--shape", "4x3", "--dtype", "u16").succeeded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "block", "block create", "array rm", "loop show", "help"})
    void shouldShowTheHelpOfAVerb(String verb) {
        CommandRun asked = shm.runLine("help " + verb).succeeded();
        CommandRun option = shm.runLine(verb + " --help").succeeded();

        assertEquals(option.out(), asked.out());
        assertTrue(asked.out().startsWith("Usage: shm " + verb), asked.out());
        assertEquals("", asked.err());
    }

    @Test
    void shouldShowAllVerbsWithoutOne() {
        CommandRun asked = shm.runLine("help").succeeded();

        assertEquals(shm.runLine("--help").succeeded().out(), asked.out());
        assertTrue(asked.out().contains("shm help VERB"), asked.out());
        assertTrue(asked.out().lines().anyMatch(line -> line.matches("  help +Shows the help of a verb.*")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lst                     | shm: there is no verb 'lst': did you mean 'list'? (shm --help lists all)",
                "raed X                  | shm: there is no verb 'raed': did you mean 'read'?",
                "key X                   | shm: there is no verb 'key': did you mean 'keyword'?",
                "help cretae             | shm: there is no verb 'cretae': did you mean 'create'?",
                "help qqq                | shm: there is no verb 'qqq': use one of demo, create,",
                "block lst               | shm block: there is no verb 'lst': did you mean 'list'? (shm block --help",
                "help block crate        | shm block: there is no verb 'crate': did you mean 'create'?",
                "read X --cuont 3        | shm read: unknown option '--cuont'; did you mean --count? (see shm read"
                        + " --help)",
                "read --tiemout=2s       | shm read: unknown option '--tiemout'; did you mean --timeout? (see",
                "read --tiemout 2s       | shm read: unknown option '--tiemout'; did you mean --timeout? (see",
                "convert --fromat dao    | shm convert: unknown option '--fromat'; did you mean --format? (see",
                "block create --bites 1  | shm block create: unknown option '--bites'",
                "--frobnicate            | shm: unknown option '--frobnicate' (see shm --help)",
                "--frobnicate list       | shm: unknown option '--frobnicate' (see shm --help)",
                "block --frobnicate      | shm block: unknown option '--frobnicate' (see shm block --help)",
                "watch X --onse          | did you mean --once?",
                "read X --colour never   | did you mean --color?",
            })
    void shouldSuggestWhatWasMeant(String line, String message) {
        CommandRun run = shm.runLine(line.replace("X", "STREAM"));

        run.refused(ExitStatus.USAGE, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read X --frobnicate", "read X -q"})
    void shouldSuggestNothingForWhatIsLikeNothing(String line) {
        CommandRun run = shm.runLine(line.replace("X", "STREAM"));

        assertFalse(run.refused(ExitStatus.USAGE, "unknown option").err().contains("did you mean"), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read X a b              | too many arguments: 'a', 'b'; usage: shm read [OPTIONS] STREAM (see",
                "info X a                | one argument too many: 'a'; usage: shm info [OPTIONS] STREAM (see",
                "convert --format milk   | STREAM and NEW are missing; usage: shm convert [OPTIONS] --format FORMAT"
                        + " STREAM NEW",
                "convert X Y             | --format FORMAT is missing; usage: shm convert",
                "link                    | shm link: LINK is missing; usage: shm link [OPTIONS] [SOURCE] LINK (see",
                "rm                      | shm rm: STREAM is missing; usage: shm rm [OPTIONS] STREAM... (see",
                "read X --count          | --count needs a value: N (see shm read --help)",
                "read X --wait often     | --wait: 'often' is not a valid value: use none, spin, idle, sem or hybrid"
                        + " (see",
                "list --color blue       | --color: 'blue' is not a valid value: use auto, always or never (see",
                "demo --rate fast        | --rate: 'fast' is not a number (see",
                "read X --count many     | --count: 'many' is not an integer (see",
                "read X --count 1.5      | --count: '1.5' is not an integer (see",
                "read X --slot 3000000000 | --slot: '3000000000' is too large: the largest value is 2147483647 (see",
                "read X --timeout soon   | --timeout: 'soon' is not a time: write a number and ns,",
                "create X --shape wide   | shm create: --shape: ",
                "keyword X --text --long | are mutually exclusive (specify only one)",
            })
    void shouldSayInPlainWordsWhatIsWrong(String line, String message) {
        CommandRun run = shm.runLine(line.replace("X", "STREAM").replace("Y", "DIR/y.im.shm"));

        run.refused(ExitStatus.USAGE, message);
        assertFalse(run.err().contains("index ") || run.err().contains("Invalid value"), run.err());
    }

    @Test
    void shouldTakeTheValueOfAnOptionForNoOption() {
        create();

        shm.run("read", "STREAM", "--slice", "-1").refused(ExitStatus.USAGE, "has no such slice");
        shm.run("read", "--out", "--frobnicate").refused(ExitStatus.USAGE, "STREAM is missing");
    }

    @Test
    void shouldBreakTheLinesOfHelpOnlyAtSpaces() {
        assertHelpIsWhole(Shm.wholeCommandLine());
    }

    private void assertHelpIsWhole(CommandLine verb) {
        CommandSpec spec = verb.getCommandSpec();
        String name = spec.qualifiedName().replaceFirst("^shm ?", "");
        String text = shm.runLine(name + " --help").succeeded().out();
        Set<String> words = wordsOf(text);

        List<String> written = new ArrayList<>();
        written.addAll(List.of(spec.usageMessage().description()));
        written.addAll(List.of(spec.usageMessage().footer()));
        spec.args().forEach(argument -> written.addAll(List.of(argument.description())));
        for (String word : wordsOf(String.join(" ", written))) {
            assertTrue(words.contains(word), name + ": '" + word + "' is broken in\n" + text);
        }
        for (String line : text.lines().toList()) {
            assertTrue(line.length() <= 80, name + ": " + line);
        }
        verb.getSubcommands().values().forEach(this::assertHelpIsWhole);
    }

    private static Set<String> wordsOf(String text) {
        return new HashSet<>(List.of(text.strip().split("\\s+")));
    }

    @Test
    void shouldColourOnlyIfAskedWhereThereIsNoTerminal() throws IOException {
        create();
        Files.writeString(shm.file("junk.im.shm"), "junk");
        String[] lines = {"list DIR", "list --help", "help list", "--help"};
        String[] always = {
            "list DIR --color always", "list --help --color always", "help --color always list", "--help --color always"
        };

        for (int i = 0; i < lines.length; i++) {
            assertFalse(shm.runLine(lines[i]).succeeded().out().contains(ESCAPE), lines[i]);
            assertTrue(shm.runLine(always[i]).succeeded().out().contains(ESCAPE), always[i]);
        }
        CommandRun coloured = shm.run("list", "DIR", "--color", "always");
        assertEquals(shm.run("list", "DIR").out(), coloured.out().replaceAll(Pattern.quote(ESCAPE) + "[0-9;]*m", ""));
        assertTrue(coloured.out().lines().anyMatch(line -> line.startsWith(ESCAPE + "31mjunk ")), coloured.out());
        assertFalse(shm.run("list", "DIR", "--json", "--color", "always").out().contains(ESCAPE));
        assertTrue(shm.run("--color", "always", "list", "--help").out().contains(ESCAPE), "before the verb");
        assertTrue(shm.run("--color", "always", "list", "DIR").out().contains(ESCAPE), "before the verb");
        assertFalse(shm.run("--color", "always", "list", "--help", "--color", "never")
                .out()
                .contains(ESCAPE));
    }

    @Test
    void shouldColourTheNameBeforeAnErrorOnlyIfAsked() {
        assertTrue(shm.run("info", "STREAM", "--color", "always")
                .err()
                .startsWith(ESCAPE + "31mshm info:" + ESCAPE + "0m there is no " + shm.stream()));
        assertFalse(shm.run("info", "STREAM").err().contains(ESCAPE));
    }

    @Test
    void shouldSayWhereItLookedIfThereIsNothingToList() {
        CommandRun empty = shm.run("list", "DIR").succeeded();
        CommandRun json = shm.run("list", "DIR", "--json").succeeded();

        assertEquals("", empty.out());
        assertEquals(
                "shm list: no streams or arrays in " + shm.directory(),
                empty.err().strip());
        assertEquals("[]", json.out().strip());
        assertEquals("", json.err());
    }

    @Test
    void shouldSayHowToMakeAStreamIfThereIsNone() {
        try (ChildProcess child =
                shm.start("list", Map.of("MILK_SHM_DIR", shm.directory().toString()))) {
            // streams of others may be in /dev/shm
            boolean listed = child.finish().stream()
                    .skip(1)
                    .map(line -> line.split(" +"))
                    .anyMatch(words -> !Set.of("array", "list", "block").contains(words[1]));

            assertEquals(
                    listed
                            ? ""
                            : "shm list: no streams in " + shm.directory()
                                    + " or /dev/shm: create one, for example with"
                                    + " shm create cam --shape 480x640 --dtype u16",
                    child.errors().strip());
        }
    }

    @Test
    void shouldListStreamsBeforeBlocks() throws IOException {
        String unique = "A" + shm.scratch().prefix();
        Path stream = Path.of("/dev/shm", "z" + unique + ".im.shm");
        String block = unique + "block";
        try (SharedMemory created = SharedMemory.create(block, 4096)) {
            assertEquals(4096, created.size());
            shm.run("create", stream.toString(), "--shape", "4x3", "--dtype", "u16", "--format", "milk")
                    .succeeded();

            List<String> lines = shm.runLine("list").succeeded().out().lines().toList();
            String json = shm.runLine("list --json").succeeded().out();

            int streamAt = indexOf(lines, "z" + unique + ".im.shm");
            assertTrue(streamAt > 0 && streamAt < indexOf(lines, block), String.join("\n", lines));
            assertTrue(json.indexOf("\"z" + unique) < json.indexOf("\"" + block + "\""));
        } finally {
            shm.run("rm", stream.toString()).succeeded();
            SharedMemory.remove(block);
        }
    }

    private static int indexOf(List<String> lines, String name) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(name + " ")) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void shouldOnlyReportWhatItWouldRemove() throws IOException {
        create();
        Files.createSymbolicLink(shm.link(), shm.stream());
        List<String> semaphores = shm.scratch().semaphores();

        CommandRun run = shm.run("rm", "--dry-run", "STREAM", "LINK").succeeded();

        assertEquals(
                "would remove " + shm.stream() + " and " + semaphores.size() + " semaphores\nwould remove " + shm.link()
                        + ", a link\n",
                run.out());
        assertTrue(semaphores.size() > 1);
        assertEquals(semaphores, shm.scratch().semaphores());
        assertTrue(Files.exists(shm.stream()) && Files.isSymbolicLink(shm.link()));
        shm.run("rm", "--dry-run", "DIR/nothing.im.shm").refused(1, "there is no " + shm.file("nothing.im.shm"));
        shm.run("rm", "LINK", "STREAM").succeeded();
        assertEquals(List.of(), shm.scratch().semaphores());
    }

    @Test
    void shouldOnlyReportWhichArraysAndBlocksItWouldRemove() throws IOException {
        String array = "file://" + shm.file("a.bin");
        String block = shm.scratch().prefix() + "b";
        shm.run("array", "create", array, "--shape", "3x4").succeeded();
        try {
            shm.run("block", "create", block, "--size", "100").succeeded();

            assertTrue(shm.run("array", "rm", "--dry-run", array)
                    .succeeded()
                    .out()
                    .startsWith("would remove " + array + ": array of 3x4 float64"));
            assertEquals(
                    "would remove /dev/shm/" + block + ", 100 bytes\n",
                    shm.run("block", "rm", "--dry-run", block).succeeded().out());

            assertTrue(Files.exists(shm.file("a.bin")) && Files.exists(Path.of("/dev/shm", block)));
        } finally {
            Files.deleteIfExists(Path.of("/dev/shm", block));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "convert", "grab", "fits2shm", "demo"})
    void shouldExplainTheFormatAlike(String verb) {
        String help = shm.runLine(verb + " --help").succeeded().out().replaceAll("\\s+", " ");

        assertTrue(help.matches(".*--format=FORMAT Format of (the|a new|the new) streams?: dao or milk\\..*"), help);
    }

    @Test
    void shouldGiveAStreamTheSameNameInListAndInfo() {
        create();
        String name = shm.scratch().prefix() + "s";

        assertEquals(
                name, shm.run("info", "STREAM", "--json").json().get("name").getAsString());
        assertEquals(
                name,
                shm.run("list", "DIR", "--json")
                        .jsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString());
        assertEquals(
                shm.stream().toString(),
                shm.run("info", "STREAM", "--json").json().get("stored_name").getAsString());
    }

    @Test
    void shouldExplainBracketsBehindAStream() {
        create();

        shm.run("read", "STREAM[0]").refused(ExitStatus.USAGE, "brackets select a part of a FITS file; of a stream,");
        shm.run("info", "STREAM[SCI][3,:,:]").refused(ExitStatus.USAGE, "select a part of " + shm.stream());
        shm.run("create", "DIR/a[0].im.shm", "--shape", "2", "--dtype", "u8").succeeded();
        shm.run("info", "DIR/a[0].im.shm").succeeded();
    }

    @Test
    void shouldNotNameJavaCallsInErrorsAboutKeywords() {
        create();
        String[][] lines = {
            {"keyword", "STREAM", "a=1"},
            {"keyword", "STREAM", "a"},
            {"keyword", "STREAM", "--remove", "a"},
            {"keyword", "STREAM", "a-name-that-is-too-long=1"},
            {"keyword", "STREAM", "a=" + "x".repeat(17)},
        };

        for (String[] line : lines) {
            CommandRun run = shm.run(line);

            assertTrue(run.status() == 1 || run.status() == 2, run::toString);
            assertEquals(1, run.err().lines().count(), run.err());
            String message = run.err().replace(shm.stream().toString(), "STREAM");
            assertFalse(
                    Pattern.compile("[A-Z][a-z]+[A-Z.]\\w|\\w+\\(\\)")
                            .matcher(message)
                            .find(),
                    message);
        }
        shm.run("keyword", "STREAM", "a=1").refused(1, "create the stream again with room for more (shm create");
    }

    @Test
    void shouldMeasureTheRateOfWritesFromTheFirstFrame() throws InterruptedException {
        shm.run("create", "STREAM", "--shape", "10x12", "--dtype", "u8").succeeded();
        String half = "a".repeat(59); // 60 bytes with the end of the line
        try (ChildProcess child = shm.start("write STREAM --in - --json")) {
            child.send(half);
            while (shm.run("info", "STREAM", "--json").json().get("writer_pid").isJsonNull()) {
                Thread.sleep(20);
            }
            Thread.sleep(1000); // the first frame is not complete
            long startNs = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                child.send(half);
            }
            child.closeInput();
            JsonObject report =
                    JsonParser.parseString(child.finish().getFirst()).getAsJsonObject();
            double seconds = (System.nanoTime() - startNs) / 1e9;

            assertEquals(2, report.get("frames").getAsLong());
            assertTrue(report.get("seconds").getAsDouble() <= seconds, report + " in " + seconds + " s");
            assertTrue(report.get("rate_hz").getAsDouble() > 0, report.toString());
        }
    }
}
