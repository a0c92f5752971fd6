package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.SharedObject;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ExternalCommand;

/** Verbs in locales whose encoding is not UTF-8, beside files whose names that encoding does not have. */
@Timeout(600)
class LocaleVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private final List<Path> objects = new ArrayList<>();

    @AfterEach
    void removeObjects() throws IOException {
        for (Path object : objects) {
            Files.deleteIfExists(object);
        }
    }

    private String run(Map<String, String> locale, String line) {
        try (ChildProcess child = shm.start(line, locale)) {
            String out = String.join("\n", child.rest());
            assertEquals(0, child.exitCode(), line + ": " + out + child.errors());
            assertEquals("", child.errors());
            return out;
        }
    }

    private void worksIn(Map<String, String> locale, String name) throws IOException {
        String handle = "r" + ProcessHandle.current().pid();
        // A namesake in a directory that is searched for streams of the same handle.
        Path namesake = SharedObject.directory().resolve(handle + "." + name + ".im.shm");
        objects.add(namesake);
        Files.write(namesake, new byte[1]);
        for (String suffix : List.of("", "_meta")) {
            Path object = SharedObject.directory().resolve(handle + name + suffix);
            objects.add(object);
            Files.write(object, new byte[] {1});
        }
        Path stream = shm.file(handle + ".im.shm");
        ImageStream.create(stream, StreamSpec.dao(DataType.UINT8, Shape.of(2))).close();
        Path named = shm.file(name + ".im.shm");
        ImageStream.create(named, StreamSpec.milk(DataType.UINT8, Shape.of(2))).close();

        assertTrue(run(locale, "list DIR").contains(handle));
        assertTrue(run(locale, "block list").contains(handle));
        assertTrue(run(locale, "info " + named).contains("milk"));
        run(locale, "rm " + named);
        run(locale, "create " + shm.file("new" + name) + " --shape 2 --dtype u8 --format milk");
        run(locale, "rm " + stream);

        assertTrue(Files.exists(shm.file("new" + name)), "the name has the bytes that were given");
        assertTrue(Files.notExists(named));
        assertTrue(Files.notExists(stream));
    }

    @Test
    void shouldWorkInTheCLocale() throws IOException {
        worksIn(Map.of("LC_ALL", "C"), "\u00e9\u4e2d");
    }

    @Test
    void shouldWorkInALatin1Locale() throws IOException {
        Path locales = shm.file("locales");
        Files.createDirectory(locales);
        Assumptions.assumeTrue(
                ExternalCommand.succeeds(
                        "localedef",
                        "-i",
                        "de_DE",
                        "-f",
                        "ISO-8859-1",
                        locales.resolve("de_DE").toString()),
                "there is no description of the German locale (locales)");

        worksIn(Map.of("LOCPATH", locales.toString(), "LC_ALL", "de_DE"), "\u00e9\u4e2d");
    }
}
