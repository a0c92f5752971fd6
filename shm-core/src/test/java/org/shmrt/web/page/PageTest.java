package org.shmrt.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;
import org.shmrt.web.ViewReports;
import org.shmrt.web.ViewServer;
import org.shmrt.web.ViewSettings;
import org.shmrt.web.frame.Scope;

/** What the tests of the page share: a browser, a server for the test's directory, and streams. */
@Timeout(600)
abstract class PageTest {
    private static Browser browser;

    @RegisterExtension
    final Scratch shm = Scratch.inSharedMemory();

    private ViewServer server;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    @BeforeEach
    void startServer() {
        server = serve(0);
    }

    @AfterEach
    void closeServer() {
        browser.open("about:blank");
        server.close();
        assertEquals(
                List.of(),
                browser.errors().stream().filter(line -> !line.contains("/ws")).toList());
    }

    static Browser browser() {
        return browser;
    }

    /** Ends the server and starts another one on the same port. */
    final void restartServer() {
        int port = server.port();
        server.close();
        server = serve(port);
    }

    private ViewServer serve(int port) {
        Scope scope = Scope.ofDirectory(shm.directory());
        return ViewServer.start(
                new ViewSettings(scope, "127.0.0.1", port, Optional.empty(), Optional.empty(), "test"), new Reports());
    }

    /** Opens the page of some streams, given by their short names, and waits for a frame of each. */
    final void openStreams(String parameters, String... names) throws InterruptedException {
        List<String> full = List.of(names).stream().map(this::name).toList();
        browser.open(server.address() + "#/stream/" + String.join("+", full) + "?" + parameters);
        for (int i = 0; i < names.length; i++) {
            browser.await("shmrt.frame(" + i + ") && shmrt.meter(" + i + ").frames > 0");
        }
    }

    final void openWall(String parameters) throws InterruptedException {
        browser.open(server.address() + "#/?" + parameters);
        browser.await("document.querySelector('.connection').dataset.state === 'open'");
    }

    final void openLoop(String name) throws InterruptedException {
        browser.open(server.address() + "#/loop/" + name);
        browser.await("document.querySelector('.loop-page .state').textContent !== ''");
    }

    /** The name of a stream as the server gives it. */
    final String name(String shortName) {
        return shm.prefix() + shortName;
    }

    final Path file(String shortName) {
        return shm.stream(shortName);
    }

    /** Creates a stream with one frame; each element is a function of its index. */
    final void create(String shortName, DataType type, Shape shape, IntToDoubleFunction value) {
        create(shortName, StreamSpec.milk(type, shape), value);
    }

    final void create(String shortName, StreamSpec spec, IntToDoubleFunction value) {
        try (ImageStream stream = ImageStream.create(file(shortName), spec)) {
            write(stream, value);
        }
    }

    /** Creates a stream of 64-bit integers with one frame. */
    final void createLongs(String shortName, DataType type, Shape shape, IntToLongFunction value) {
        try (ImageStream stream = ImageStream.create(file(shortName), StreamSpec.milk(type, shape))) {
            write(stream, (frame, i) -> frame.setAtIndex(ValueLayout.JAVA_LONG, i, value.applyAsLong(i)));
        }
    }

    /** Writes a frame into a stream that exists. */
    final void write(String shortName, IntToDoubleFunction value) {
        try (ImageStream stream = ImageStream.open(file(shortName), Access.READ_WRITE)) {
            write(stream, value);
        }
    }

    private static void write(ImageStream stream, IntToDoubleFunction value) {
        write(stream, (frame, i) -> set(frame, stream.type(), i, value.applyAsDouble(i)));
    }

    private static void write(ImageStream stream, ObjIntConsumer<MemorySegment> setter) {
        try (Arena arena = Arena.ofConfined();
                FrameWriter writer = stream.writer()) {
            MemorySegment frame = arena.allocate(stream.shape().byteSize(stream.type()), 16);
            int n = Math.toIntExact(stream.shape().elementCount());
            for (int i = 0; i < n; i++) {
                setter.accept(frame, i);
            }
            writer.write(frame);
        }
    }

    /** Sets an element; a complex one gets the value as its real part and its index as its imaginary part. */
    private static void set(MemorySegment frame, DataType type, int i, double value) {
        switch (type) {
            case BOOL -> frame.setAtIndex(ValueLayout.JAVA_BYTE, i, (byte) (value != 0 ? 1 : 0));
            case UINT8, INT8 -> frame.setAtIndex(ValueLayout.JAVA_BYTE, i, (byte) (long) value);
            case UINT16, INT16 -> frame.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (long) value);
            case UINT32, INT32 -> frame.setAtIndex(ValueLayout.JAVA_INT, i, (int) (long) value);
            case UINT64, INT64 -> frame.setAtIndex(ValueLayout.JAVA_LONG, i, (long) value);
            case FLOAT16 -> frame.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) value));
            case FLOAT32 -> frame.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
            case FLOAT64 -> frame.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
            case COMPLEX64 -> {
                frame.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i, (float) value);
                frame.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i + 1, i);
            }
            case COMPLEX128 -> {
                frame.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * i, value);
                frame.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * i + 1, i);
            }
        }
    }

    /** Reports of one stream and of one loop. */
    private static final class Reports implements ViewReports {
        private static final Map<String, Object> TIMES =
                Map.of("count", 100, "mean", 21_000, "p50", 20_000, "p99", 40_000, "p99.9", 45_000, "max", 50_000);

        @Override
        public Map<String, Object> stream(Path file) {
            return Map.of(
                    "dtype",
                    "uint16",
                    "cnt0",
                    1,
                    "keywords",
                    List.of(Map.of("name", "EXPTIME", "type", "D", "value", 0.002, "comment", "exposure [s]")),
                    "sem_values",
                    List.of(0, 3));
        }

        @Override
        public List<Map<String, Object>> loops() {
            return List.of(Map.of(
                    "name",
                    "hwfs",
                    "state",
                    "running",
                    "pid",
                    1,
                    "steps",
                    100,
                    "missed",
                    2,
                    "overruns",
                    0,
                    "p99Us",
                    40.0));
        }

        @Override
        public Map<String, Object> loop(String name) {
            return Map.of(
                    "name",
                    name,
                    "state",
                    "running",
                    "pid",
                    1,
                    "started_ns",
                    1,
                    "steps",
                    100,
                    "missed",
                    2,
                    "times_ns",
                    Map.of("end_to_end", TIMES, "compute", TIMES),
                    "buckets",
                    Map.of("end_to_end", List.of(List.of(10_000, 20_000, 60), List.of(20_000, 40_000, 40))));
        }
    }
}
