package org.shmrt.cli.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Runs the commands of docs/axis-order.md, with the files and streams in a directory. */
class AxisOrderPageTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** The commands in the shell blocks of the page, one per line, split into arguments. */
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

    private String stream(String name) {
        return shm.scratch().stream(name).toString();
    }

    private String axes(String name) {
        return shm.run("info", stream(name), "--json").json().get("axes").toString();
    }

    @Test
    void shouldRunTheCommandsOfThePage() throws IOException {
        MemoryImage flat = TestImages.random(DataType.UINT16, Shape.of(3, 4), new Random(1));
        MemoryImage cube = TestImages.random(DataType.UINT16, Shape.of(10, 3, 4), new Random(2));
        FitsFile.write(shm.file("flat.fits"), flat, FitsOptions.defaults());
        FitsFile.write(shm.file("cube.fits"), cube, FitsOptions.defaults());
        int done = 0;
        for (List<String> command : commands()) {
            assertEquals("shm", command.get(0));
            String[] arguments = command.stream().skip(1).map(this::argument).toArray(String[]::new);

            CommandRun run = shm.run(arguments).succeeded();

            assertTrue(!arguments[0].equals("info") || run.out().contains("3x4"), run.out());
            done++;
        }

        assertEquals(7, done);
        TestImages.assertSame(flat, FitsFile.read(shm.file("saved.fits")).image());
        assertEquals(
                Shape.of(4, 3), FitsFile.header(shm.file("transposed.fits")).shape());
        assertEquals("[3,4]", axes("again"));
        assertEquals("[3,4]", axes("fourth"));
        assertEquals("[10,2,2]", axes("corners"));
    }

    private String argument(String word) {
        return switch (word) {
            case "cam", "fourth", "corners", "again" -> stream(word);
            default -> word.contains(".fits") ? shm.file(word).toString() : word;
        };
    }
}
