package org.shmrt.stream.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.ConversionReport;
import org.shmrt.stream.convert.StreamConversion;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.FileTruncation;
import org.shmrt.testing.RampFrames;

/** Uses streams of the {@link ToyFormat} in a JVM that knows it: {@code SCENARIO PATH...}. Prints {@code ok}. */
public final class ToyFormatChild {
    private static final long SECOND = 1_000_000_000L;
    private static final Shape SHAPE = Shape.of(6, 9);
    private static final int DEPTH = 4;
    private static final StreamSpec SPEC = StreamSpec.of(ToyFormat.NAME, DataType.UINT16, SHAPE)
            .withDepth(DEPTH)
            .withKeywords(3);

    private static final RampFrames RAMP = new RampFrames(SHAPE.elementCount());

    private ToyFormatChild() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "frames" -> frames(path);
            case "wait" -> awaitFrames(path);
            case "history" -> history(path);
            case "keywords" -> keywords(path);
            case "replace" -> replace(path);
            case "damage" -> damage(path);
            case "convert" -> convert(path, Path.of(arguments[2]), Path.of(arguments[3]), arguments[4]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("ok");
    }

    private static void write(FrameWriter writer, int first, int last) {
        for (int count = first; count <= last; count++) {
            assertEquals(count, writer.write(RAMP.of(count)));
        }
    }

    private static void frames(Path path) {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                ImageStream opened = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = opened.reader(WaitStrategy.spin())) {
            assertEquals(ToyFormat.NAME, opened.layout().format());
            assertEquals(SHAPE, opened.shape());
            assertEquals(DataType.UINT16, opened.type());
            assertEquals(DEPTH, opened.layout().depth());
            writer.frameId(41);
            write(writer, 1, DEPTH);
            for (int count = 1; count <= DEPTH; count++) {
                assertEquals(Verdict.FRESH, reader.awaitNext(SECOND));
                assertEquals(count, reader.count());
                assertTrue(RAMP.isWhole(reader.frame(), count));
                assertTrue(reader.validate());
                assertTrue(reader.isStrict());
            }
            write(writer, DEPTH + 1, 3 * DEPTH);
            assertEquals(Verdict.LAPPED, reader.awaitNext(SECOND));
            StreamInfo info = StreamInfo.of(path);
            assertEquals(List.of(), info.warnings());
            assertEquals(3 * DEPTH, info.status().cnt0());
            assertEquals(3, info.semaphores().size());
            assertEquals(
                    info.layout().format(),
                    StreamInspector.now().summary(path).layout().format());
        }
        ImageStream.remove(path);
        assertFalse(Files.exists(path));
    }

    private static void awaitFrames(Path path) throws Exception {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer();
                FrameReader first = stream.reader(WaitStrategy.semaphore());
                FrameReader second = stream.reader(WaitStrategy.hybrid(1000))) {
            assertTrue(first.semaphoreIndex() != second.semaphoreIndex());
            for (FrameReader reader : List.of(first, second)) {
                FutureTask<Verdict> waiting = new FutureTask<>(() -> reader.awaitNext(20 * SECOND));
                Thread.ofPlatform().daemon().start(waiting);
                Thread.sleep(10);
                long count = stream.status().cnt0() + 1;
                write(writer, (int) count, (int) count);
                assertTrue(waiting.get().hasFrame());
                assertTrue(RAMP.isWhole(reader.frame(), reader.count()));
            }
        }
        ImageStream.remove(path);
    }

    private static void history(Path path) {
        try (ImageStream stream = ImageStream.create(path, SPEC);
                FrameWriter writer = stream.writer()) {
            write(writer, 1, 2 * DEPTH + 1);
            FrameHistory history = stream.history();
            assertEquals(DEPTH, history.capacity());
            MemorySegment frames = MemorySegment.ofArray(new byte[(int) (DEPTH * history.frameBytes())]);
            assertTrue(history.read(frames, SECOND).hasFrame());
            for (int i = 0; i < history.length(); i++) {
                long frameBytes = history.frameBytes();
                assertTrue(RAMP.isWhole(frames.asSlice(i * frameBytes, frameBytes), history.count(i)));
            }
            assertEquals(2 * DEPTH + 1, history.count(history.length() - 1));
        }
        ImageStream.remove(path);
    }

    private static void keywords(Path path) {
        try (ImageStream stream = ImageStream.create(path, SPEC)) {
            stream.keywordTable().set("gain", 7L);
            stream.keywordTable().set("mode", "closed");
            stream.keywordTable().set("rate", 0.5);
            assertThrows(NoSpaceException.class, () -> stream.keywordTable().set("more", 1L));
            stream.keywordTable().remove("mode");
            assertEquals(
                    List.of("gain", "rate"),
                    stream.keywords().stream().map(Keyword::name).sorted().toList());
            assertEquals(7L, stream.keywordTable().find("gain").orElseThrow().value());
        }
        ImageStream.remove(path);
    }

    private static void replace(Path path) {
        try (ImageStream old = ImageStream.create(path, SPEC);
                FrameReader reader = old.reader(WaitStrategy.spin())) {
            ImageStream.create(path, SPEC.withDepth(1).replacingExisting()).close();
            assertEquals(Verdict.RECREATED, reader.awaitNext(20 * SECOND));
            assertTrue(reader.reattach());
            ImageStream.remove(path);
            assertEquals(Verdict.REMOVED, reader.awaitNext(20 * SECOND));
        }
    }

    private static void damage(Path path) throws IOException {
        ImageStream.create(path, SPEC).close();
        FileTruncation.truncate(path, Files.size(path) - 1);
        IncompatibleException refusal = assertThrows(IncompatibleException.class, () -> ImageStream.open(path));
        assertTrue(refusal.getMessage().contains("damaged toy stream"), refusal.getMessage());
        Files.delete(path);
    }

    /** To another format and back: pixels, counter, frame id, type, shape, keywords and times remain. */
    private static void convert(Path toy, Path other, Path back, String format) {
        try (ImageStream stream = ImageStream.create(toy, SPEC);
                FrameWriter writer = stream.writer()) {
            writer.frameId(41);
            write(writer, 1, 2 * DEPTH + 1);
            stream.keywordTable().set("gain", 7L);
        }
        ConversionReport there = StreamConversion.of(toy, format).run(other);
        ConversionReport again = StreamConversion.of(other, ToyFormat.NAME).run(back);

        assertEquals(format, there.layout().format());
        assertEquals(ToyFormat.NAME, again.layout().format());
        assertEquals(DEPTH, there.frames());
        assertEquals(DEPTH, again.frames());
        try (ImageStream before = ImageStream.open(toy, Access.READ_ONLY);
                ImageStream after = ImageStream.open(back, Access.READ_ONLY);
                FrameReader reader = after.reader(WaitStrategy.spin())) {
            assertEquals(before.type(), after.type());
            assertEquals(before.shape(), after.shape());
            assertEquals(before.layout().depth(), after.layout().depth());
            assertEquals(before.keywords(), after.keywords());
            assertEquals(before.status().cnt0(), after.status().cnt0());
            assertEquals(before.status().cnt2(), after.status().cnt2());
            assertEquals(before.status().acquiredNs(), after.status().acquiredNs());
            assertEquals(Verdict.FRESH, reader.newest());
            assertTrue(RAMP.isWhole(reader.frame(), reader.count()));
            FrameHistory history = after.history();
            MemorySegment frames = MemorySegment.ofArray(new byte[(int) (DEPTH * history.frameBytes())]);
            assertTrue(history.read(frames, SECOND).hasFrame());
            assertEquals(before.history().capacity(), history.length());
        }
        List.of(toy, other, back).forEach(ImageStream::remove);
    }
}
