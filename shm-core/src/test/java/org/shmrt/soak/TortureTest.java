package org.shmrt.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/**
 * Writers and readers of different languages against each other: plain Python, and, where {@code SHMRT_DAO_REAL} and
 * {@code SHMRT_MILK_REAL} name directories with {@code libdao.so} and {@code libImageStreamIO.so}, the C libraries.
 * {@code -Dshmrt.torture.seconds=300} lets each run take five minutes and prints what every process came to.
 */
@Timeout(20_000)
class TortureTest {
    private static final String PROPERTY = "shmrt.torture.seconds";
    private static final long SECONDS = Long.getLong(PROPERTY, 3);
    private static final Shape FRAME = Shape.of(32, 64);
    /** Fewer than milk's semaphores count to. */
    private static final int TOKEN_BURST = 8;

    private static final List<String> JAVA_READERS = List.of("sem copy", "raw copy", "hybrid place", "spin copy");
    private static final List<String> PYTHON_READERS = List.of("sem", "sem", "poll");

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path path;
    private Path board;

    @BeforeEach
    void choosePaths() {
        PythonPeer.assumePresent();
        path = scratch.stream("cam");
        board = scratch.directory().resolve("board");
    }

    /** The make's name for {@code torture_peer.py}: its own, or the library that does the work. */
    private static String make(String who) {
        return switch (who) {
            case "libdao" -> library("SHMRT_DAO_REAL", "libdao.so");
            case "libImageStreamIO" -> library("SHMRT_MILK_REAL", "libImageStreamIO.so");
            default -> who;
        };
    }

    private static String library(String variable, String file) {
        String directory = System.getenv(variable);
        Assumptions.assumeTrue(
                directory != null && Files.exists(Path.of(directory, file)),
                () -> variable + " names no directory with " + file);
        return Path.of(directory, file).toString();
    }

    private static StreamSpec spec(String who, int depth) {
        boolean milk = who.equals("milk") || who.equals("libImageStreamIO");
        return StreamSpec.of(milk ? "milk" : "dao", DataType.UINT16, FRAME).withDepth(depth);
    }

    private void prepare(StreamSpec spec, Arena arena) {
        ImageStream.create(path, spec).close();
        Board words = Board.create(board, arena);
        words.exactUpTo(Board.NO_LIMIT);
        words.last(-1);
        words.tokensUpTo(isCounting(spec) ? Board.NO_LIMIT : 0);
    }

    /** DAO's semaphores go no further than 1. */
    private static boolean isCounting(StreamSpec spec) {
        return spec.format().equals("milk");
    }

    private Object[] orders(StreamSpec spec, int readers) {
        return new Object[] {readers, SECONDS, spec.depth(), isCounting(spec) ? TOKEN_BURST : 0};
    }

    /** A writer of this library, readers of the other make. */
    @ParameterizedTest
    @CsvSource({"dao, 8", "dao, 1", "milk, 1", "libdao, 8", "libImageStreamIO, 1"})
    void shouldBeReadWholeByOtherLanguages(String who, int depth) {
        String make = make(who);
        StreamSpec spec = spec(who, depth);
        try (Arena arena = Arena.ofShared();
                Children children = new Children()) {
            prepare(spec, arena);
            List<ChildProcess> readers = new ArrayList<>();
            for (int i = 0; i < PYTHON_READERS.size(); i++) {
                readers.add(children.add(
                        PythonPeer.start("torture_peer.py", make, path, board, "read", i, PYTHON_READERS.get(i))));
            }
            readers.forEach(reader -> reader.lineWith("ready"));
            Object[] orders = orders(spec, readers.size());
            ChildProcess writer =
                    children.start(TortureWriter.class, path, board, orders[0], orders[1], orders[2], orders[3]);

            check("ShmRT to " + who + ", depth " + depth, writer, readers, PYTHON_READERS, true);
        }
    }

    /**
     * A writer of the other make, readers of this library. DAO's own library lowers the flag before it counts, and so
     * does {@code dao-own-order}: what is read while such a writer overtakes may be torn unnoticed, and is not called
     * strict.
     */
    @ParameterizedTest
    @CsvSource({
        "dao, 8, true",
        "dao-own-order, 8, false",
        "dao-own-order, 1, false",
        "milk, 1, true",
        "libdao, 8, false",
        "libdao, 1, false",
        "libImageStreamIO, 1, true"
    })
    void shouldReadWholeFramesOfOtherLanguages(String who, int depth, boolean countsFirst) {
        String make = make(who);
        StreamSpec spec = spec(who, depth);
        try (Arena arena = Arena.ofShared();
                Children children = new Children()) {
            prepare(spec, arena);
            List<ChildProcess> readers = new ArrayList<>();
            for (int i = 0; i < JAVA_READERS.size(); i++) {
                String[] words = JAVA_READERS.get(i).split(" ");
                readers.add(children.start(TortureReader.class, path, board, i, words[0], words[1]));
            }
            readers.forEach(reader -> reader.lineWith("ready"));
            Object[] orders = orders(spec, readers.size());
            ChildProcess writer = children.add(PythonPeer.start(
                    "torture_peer.py", make, path, board, "write", orders[0], orders[1], orders[2], orders[3]));

            check(who + " to ShmRT, depth " + depth, writer, readers, JAVA_READERS, countsFirst);
        }
    }

    private void check(
            String run, ChildProcess writer, List<ChildProcess> readers, List<String> names, boolean countsFirst) {
        TortureWriter.Outcome written = new Gson().fromJson(writer.lineWith("{"), TortureWriter.Outcome.class);
        assertEquals("", written.problem, run);
        List<TortureReader.Outcome> read = readers.stream()
                .map(reader -> new Gson().fromJson(reader.lineWith("{"), TortureReader.Outcome.class))
                .toList();
        report(run, written, names, read);

        assertTrue(written.silences > 0 && written.exact > 0, run);
        try (ImageStream stream = ImageStream.open(path)) {
            assertEquals(written.last, stream.status().cnt0(), run);
        }
        for (int i = 0; i < read.size(); i++) {
            checkReader(run + ": " + names.get(i), read.get(i), written, countsFirst);
        }
    }

    private static void checkReader(
            String who, TortureReader.Outcome read, TortureWriter.Outcome written, boolean countsFirst) {
        assertEquals("", read.problem, who);
        assertEquals(written.start, read.start, who);
        assertEquals(written.last, read.last, who);
        // DAO's library looks at a semaphore while its own counter may still wait to be seen: who looks at nothing but
        // the
        // semaphore, as its own readers do, can miss a call then. ShmRT's readers look around every 20 ms.
        assertTrue(
                read.asleep == 0 || (who.startsWith("libdao") && who.contains("raw")),
                who + ": left asleep beside a frame not seen " + read.asleep + " times");
        assertEquals(read.last - read.start, read.taken + read.discarded + read.lost, who + ": accounts for all");
        assertEquals(0, read.exactLost, who + ": lost although the stream held them");
        // DAO's library checks the flag alone: a frame that is counted, its flag not yet lowered, it calls overwritten.
        assertTrue(read.exactDiscarded == 0 || who.startsWith("ShmRT to libdao"), who + ": discarded as well");
        assertEquals(0, read.exactTorn, who + ": torn although nothing overtook");
        assertTrue(read.taken + read.exactDiscarded >= written.exact, who);
        assertEquals(0, read.strict, who + ": no foreign writer marks its frames");
        if (countsFirst) {
            assertEquals(0, read.torn, who + ": torn frames accepted");
        }
        if (read.tokens >= 0) {
            assertEquals(written.counted, read.tokens, who + ": a token for each frame");
        }
    }

    private static void report(
            String run, TortureWriter.Outcome written, List<String> names, List<TortureReader.Outcome> read) {
        if (System.getProperty(PROPERTY) == null) {
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d frames, %d in bursts the stream holds, %d silences, slowest %.1f ms%n",
                run,
                written.last - written.start,
                written.exact,
                written.silences,
                written.slowestMs);
        System.out.println("| reader | accepted | discarded | lost | torn | asleep | tokens | discarded though held |\n"
                + "|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < read.size(); i++) {
            TortureReader.Outcome r = read.get(i);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %d | %s | %d |%n",
                    names.get(i),
                    r.taken,
                    r.discarded,
                    r.lost,
                    r.torn,
                    r.asleep,
                    r.tokens < 0 ? "" : String.valueOf(r.tokens),
                    r.exactDiscarded);
        }
    }
}
