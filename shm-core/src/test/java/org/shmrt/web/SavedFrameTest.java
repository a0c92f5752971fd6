package org.shmrt.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.WithoutCollection;

/** The file of a frame is in memory only as long as it is sent. */
@Timeout(600)
class SavedFrameTest {
    @RegisterExtension
    final ViewFixture view = new ViewFixture();

    private static long mappings() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains("/shm-view-"))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "npy", "fits"})
    void shouldUnmapTheFileWhenItWasSent(String form) {
        view.start();
        try (ImageStream stream = view.create("s", DataType.UINT16, 16, 12);
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[384]));
            String path = "/save?stream=" + view.name("s") + "&as=" + form;
            String head = "HEAD " + path + " HTTP/1.1\r\nHost: 127.0.0.1:"
                    + view.server().port() + "\r\n\r\n";
            HttpClient client = HttpClient.newHttpClient();

            WithoutCollection.await(
                    () -> assertEquals(200, view.get(client, path).statusCode()), () -> mappings() == 0);
            WithoutCollection.await(() -> assertEquals("HTTP/1.1 200 OK", view.raw(head)), () -> mappings() == 0);
        }
    }

    /** A client that has its answer may ask again, although only a few files are written at the same time. */
    @Test
    void shouldAnswerOneRequestAfterTheOther() {
        view.start();
        HttpClient client = HttpClient.newHttpClient();

        for (int i = 0; i < 500; i++) {
            assertEquals(404, view.get(client, "/save?stream=none&as=npy").statusCode());
        }
    }
}
