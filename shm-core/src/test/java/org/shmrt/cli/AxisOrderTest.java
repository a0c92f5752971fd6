package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** What docs/axis-order.md says, done: the commands as they stand, with the files and streams in a directory. */
class AxisOrderTest {
    @TempDir
    private Path directory;

    /** The shell blocks of the page, a command a line, taken apart as a shell would. */
    private static List<List<String>> commands() throws IOException {
        Matcher blocks = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/axis-order.md")));
        List<List<String>> commands = new ArrayList<>();
        while (blocks.find()) {
            for (String line : blocks.group(1).lines().toList()) {
                commands.add(List.of(line.replace("\"", "").split(" ")));
            }
        }
        return commands;
    }

    private JsonObject info(TestStream stream) {
        return JsonParser.parseString(
                        CommandRun.of("info", stream.toString(), "--json").out())
                .getAsJsonObject();
    }

    @Test
    void shouldDoWhatThePageSays() throws IOException {
        MemoryImage flat = TestImages.random(DataType.UINT16, Shape.of(3, 4), new Random(1));
        MemoryImage cube = TestImages.random(DataType.UINT16, Shape.of(10, 3, 4), new Random(2));
        FitsFile.write(directory.resolve("flat.fits"), flat, FitsOptions.defaults());
        FitsFile.write(directory.resolve("cube.fits"), cube, FitsOptions.defaults());
        try (TestStream cam = new TestStream(directory);
                TestStream fourth = new TestStream(directory);
                TestStream corners = new TestStream(directory)) {
            int done = 0;
            for (List<String> command : commands()) {
                assertEquals("shm", command.get(0));
                String[] words = command.stream()
                        .skip(1)
                        .map(word -> switch (word) {
                            case "cam" -> cam.toString();
                            case "fourth" -> fourth.toString();
                            case "corners" -> corners.toString();
                            default ->
                                word.contains(".fits") ? directory.resolve(word).toString() : word;
                        })
                        .toArray(String[]::new);

                CommandRun run = CommandRun.of(words);

                assertEquals(0, run.status(), run.err());
                assertTrue(!words[0].equals("info") || run.out().contains("3x4"), run.out());
                done++;
            }

            assertEquals(5, done);
            TestImages.assertSame(
                    flat, FitsFile.read(directory.resolve("saved.fits")).image());
            assertEquals("[3,4]", info(fourth).get("axes").toString());
            assertEquals("[10,2,2]", info(corners).get("axes").toString());
        }
    }
}
