package org.shmrt.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** Every request on streams of both formats leaves their files and semaphores as they were. */
@Timeout(600)
class ViewChangesNothingTest {
    @RegisterExtension
    final ViewFixture view = new ViewFixture();

    private Map<String, String> semaphores() {
        Map<String, String> contents = new TreeMap<>();
        for (String name : view.scratch.semaphores()) {
            try {
                contents.put(name, HexFormat.of().formatHex(Files.readAllBytes(Path.of("/dev/shm/sem." + name))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return contents;
    }

    @Test
    void shouldLeaveStreamsAndSemaphoresByteForByte() throws IOException {
        Path dao = view.scratch.stream("dao");
        Path milk = view.scratch.stream("milk");
        write(dao, StreamSpec.dao(DataType.UINT16, Shape.of(8, 8)).withDepth(3));
        write(milk, StreamSpec.milk(DataType.FLOAT32, Shape.of(8, 8)));
        byte[] daoBytes = Files.readAllBytes(dao);
        byte[] milkBytes = Files.readAllBytes(milk);
        FileTime daoTime = Files.getLastModifiedTime(dao);
        Map<String, String> semaphores = semaphores();

        view.start();
        try (ViewPage page = view.page()) {
            for (String stream : List.of("dao", "milk")) {
                String name = view.name(stream);
                page.ask("op", "list", "id", 1);
                page.frame(name);
                page.frame(name, "after", "4", "waitMs", 300);
                page.ask("op", "history", "id", 2, "stream", name);
                page.ask("op", "past", "id", 3, "stream", name, "slot", 0);
                page.ask("op", "info", "id", 4, "stream", name);
                page.ask("op", "thumbs", "id", 5, "names", List.of(Map.of("name", name)));
                page.receive();
                view.get("/save?as=fits&stream=" + name);
            }
        }
        view.server().close();

        assertArrayEquals(daoBytes, Files.readAllBytes(dao));
        assertArrayEquals(milkBytes, Files.readAllBytes(milk));
        assertEquals(daoTime, Files.getLastModifiedTime(dao));
        assertEquals(semaphores, semaphores());
    }

    private static void write(Path path, StreamSpec spec) {
        try (ImageStream stream = ImageStream.create(path, spec);
                FrameWriter writer = stream.writer()) {
            byte[] frame = new byte[(int) stream.layout().frameBytes()];
            for (int i = 0; i < 4; i++) {
                frame[i] = (byte) i;
                writer.write(MemorySegment.ofArray(frame));
            }
        }
    }
}
