package org.shmrt.stream.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Removing several streams with one search for namesakes. */
@Timeout(600)
class StreamRemovalsTest {
    private static final StreamSpec DAO = StreamSpec.dao(DataType.UINT8, Shape.of(3, 4));

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path create(StreamSpec spec, String name) {
        Path path = scratch.stream(name);
        ImageStream.create(path, spec).close();
        return path;
    }

    private Path namesake(Path path, String directory) throws IOException {
        Path namesake =
                Files.createDirectory(scratch.directory().resolve(directory)).resolve(path.getFileName());
        ImageStream.create(namesake, DAO).close();
        return namesake;
    }

    @Test
    void shouldRemoveStreamsOfAllFormatsWithTheirSemaphores() {
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            paths.add(create(DAO, "dao" + i));
            paths.add(create(StreamSpec.milk(DataType.UINT8, Shape.of(2)), "milk" + i));
        }
        assertEquals(33, scratch.semaphores().size());

        StreamRemovals removals = StreamRemovals.of(paths);

        for (Path path : paths) {
            assertEquals(Optional.empty(), removals.remove(path));
            assertFalse(Files.exists(path));
        }
        assertEquals(List.of(), scratch.semaphores());
    }

    @Test
    void shouldKeepTheSemaphoresUntilTheLastNamesakeIsRemoved() throws IOException {
        Path first = create(DAO, "cam");
        Path second = namesake(first, "other");
        StreamRemovals removals = StreamRemovals.of(List.of(first, second));

        String warning = removals.remove(first).orElseThrow();

        assertTrue(warning.contains(second.toString()), warning);
        assertEquals(11, scratch.semaphores().size());
        assertEquals(Optional.empty(), removals.remove(second));
        assertEquals(List.of(), scratch.semaphores());
    }

    /** The streams of a batch that are not removed, because that fails for example, are namesakes too. */
    @Test
    void shouldKeepTheSemaphoresOfANamesakeThatIsInADirectoryOfAnotherStream() throws IOException {
        Path removed = create(DAO, "cam");
        Path kept = namesake(removed, "other");
        Path beside = kept.resolveSibling(scratch.prefix() + "beside.im.shm");
        ImageStream.create(beside, DAO).close();
        StreamRemovals removals = StreamRemovals.of(List.of(removed, beside));

        assertEquals(Optional.empty(), removals.remove(beside));
        String warning = removals.remove(removed).orElseThrow();

        assertTrue(warning.contains(kept.toString()), warning);
        assertEquals(11, scratch.semaphores().size());
        assertEquals(Optional.empty(), ImageStream.remove(kept));
    }

    @Test
    void shouldKeepTheSemaphoresOfANamesakeThatIsOnlyMapped() throws IOException {
        Path removed = create(DAO, "cam");
        Path elsewhere = namesake(removed, "other");
        try (ImageStream open = ImageStream.open(elsewhere)) {
            StreamRemovals removals = StreamRemovals.of(List.of(removed));

            String warning = removals.remove(removed).orElseThrow();

            assertTrue(warning.contains(open.path().toString()), warning);
            assertEquals(11, scratch.semaphores().size());
        }
        assertEquals(Optional.empty(), ImageStream.remove(elsewhere));
    }

    @Test
    void shouldContinueAfterAFailureAndPlanWithoutRemoving() throws IOException {
        Path stream = create(DAO, "cam");
        Path text = Files.writeString(scratch.stream("text"), "text");
        Path missing = scratch.stream("missing");
        StreamRemovals removals = StreamRemovals.of(List.of(missing, text, Path.of("/"), stream));

        assertThrows(NotFoundException.class, () -> removals.remove(missing));
        assertThrows(IncompatibleException.class, () -> removals.remove(text));
        assertThrows(IllegalArgumentException.class, () -> removals.remove(stream.resolveSibling("none")));
        assertEquals(11, removals.plan(stream).semaphoreFiles().size());
        assertTrue(Files.exists(stream));
        assertEquals(Optional.empty(), removals.remove(stream));
        assertFalse(Files.exists(stream));
        assertTrue(Files.exists(text));
        Files.delete(text);
    }
}
