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
import org.junit.jupiter.api.Tag;
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
 * Writers and readers in different languages: Java, Python, and the C libraries if {@code SHMRT_DAO_REAL} and {@code
 * SHMRT_MILK_REAL} name directories with {@code libdao.so} and {@code libImageStreamIO.so}. {@code
 * -Dshmrt.torture.seconds=300} sets the duration of each run and prints the result of every process.
 */
@Tag("slow")
@Timeout(20_000)
class TortureTest {
    private static final String PROPERTY = "shmrt.torture.seconds";
    private static final long SECONDS = Long.getLong(PROPERTY, 2);
    private static final Shape FRAME = Shape.of(32, 64);
    /** Less than the maximum of milk's semaphores. */
    private static final int TOKEN_BURST = 8;

    private static final List<String> JAVA_READERS = List.of("sem copy", "raw copy", "hybrid place", "spin copy");
    private static final List<String> PYTHON_READERS = List.of("sem", "sem", "poll");

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path path;
    private Path progress;

    @BeforeEach
    void choosePaths() {
        PythonPeer.assumePresent();
        path = scratch.stream("cam");
        progress = scratch.directory().resolve("progress");
    }

    /** The argument that selects the implementation in {@code torture_peer.py}: a name, or the path of a library. */
    private static String implementation(String peer) {
        return switch (peer) {
            case "libdao" -> library("SHMRT_DAO_REAL", "libdao.so");
            case "libImageStreamIO" -> library("SHMRT_MILK_REAL", "libImageStreamIO.so");
            default -> peer;
        };
    }

    private static String library(String variable, String file) {
        String directory = System.getenv(variable);
        Assumptions.assumeTrue(
                directory != null && Files.exists(Path.of(directory, file)),
                () -> variable + " does not name a directory with " + file);
        return Path.of(directory, file).toString();
    }

    private static StreamSpec spec(String peer, int depth) {
        boolean milk = peer.equals("milk") || peer.equals("libImageStreamIO");
        return StreamSpec.of(milk ? "milk" : "dao", DataType.UINT16, FRAME).withDepth(depth);
    }

    private void prepare(StreamSpec spec, Arena arena) {
        ImageStream.create(path, spec).close();
        SharedProgress words = SharedProgress.create(progress, arena);
        words.exactUpTo(SharedProgress.NO_LIMIT);
        words.last(-1);
        words.tokensUpTo(isCounting(spec) ? SharedProgress.NO_LIMIT : 0);
    }

    /** DAO's semaphores never exceed 1. */
    private static boolean isCounting(StreamSpec spec) {
        return spec.format().equals("milk");
    }

    private Object[] arguments(StreamSpec spec, int readers) {
        return new Object[] {readers, SECONDS, spec.depth(), isCounting(spec) ? TOKEN_BURST : 0};
    }

    /** The writer is ShmRT, the readers are the other implementation. */
    @ParameterizedTest
    @CsvSource({"dao, 8", "dao, 1", "milk, 1", "libdao, 8", "libImageStreamIO, 1"})
    void shouldDeliverWholeFramesToOtherLanguages(String peer, int depth) {
        String implementation = implementation(peer);
        StreamSpec spec = spec(peer, depth);
        try (Arena arena = Arena.ofShared();
                ChildProcesses children = new ChildProcesses()) {
            prepare(spec, arena);
            List<ChildProcess> readers = new ArrayList<>();
            for (int i = 0; i < PYTHON_READERS.size(); i++) {
                readers.add(children.add(PythonPeer.start(
                        "torture_peer.py", implementation, path, progress, "read", i, PYTHON_READERS.get(i))));
            }
            readers.forEach(reader -> reader.lineWith("ready"));
            Object[] arguments = arguments(spec, readers.size());
            ChildProcess writer = children.start(
                    TortureWriter.class, path, progress, arguments[0], arguments[1], arguments[2], arguments[3]);

            check("ShmRT to " + peer + ", depth " + depth, writer, readers, PYTHON_READERS, true);
        }
    }

    /**
     * The writer is the other implementation, the readers are ShmRT. DAO's own library clears the flag before it
     * counts, and so does {@code dao-own-order}: a frame that such a writer overwrites during the read may be torn
     * undetected, and is not reported as strict.
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
    void shouldReadWholeFramesFromOtherLanguages(String peer, int depth, boolean countsFirst) {
        String implementation = implementation(peer);
        StreamSpec spec = spec(peer, depth);
        try (Arena arena = Arena.ofShared();
                ChildProcesses children = new ChildProcesses()) {
            prepare(spec, arena);
            List<ChildProcess> readers = startJavaReaders(children);
            Object[] arguments = arguments(spec, readers.size());
            ChildProcess writer = children.add(PythonPeer.start(
                    "torture_peer.py",
                    implementation,
                    path,
                    progress,
                    "write",
                    arguments[0],
                    arguments[1],
                    arguments[2],
                    arguments[3]));

            check(peer + " to ShmRT, depth " + depth, writer, readers, JAVA_READERS, countsFirst);
        }
    }

    /**
     * Another program sets the counter back in place while all readers wait, as milk's {@code imsetcnt0} does, and
     * writes on from there. Every reader reports that once, gets frames at once again, and accepts no torn one.
     */
    @ParameterizedTest
    @CsvSource({"dao, 1", "dao, 8", "milk, 1"})
    void shouldFollowACounterThatIsSetBack(String peer, int depth) {
        StreamSpec spec = spec(peer, depth);
        try (Arena arena = Arena.ofShared();
                ChildProcesses children = new ChildProcesses()) {
            prepare(spec, arena);
            SharedProgress.open(progress, arena).exactUpTo(0);
            SharedProgress.open(progress, arena).tokensUpTo(0);
            List<ChildProcess> readers = startJavaReaders(children);
            ChildProcess child = children.add(
                    PythonPeer.start("torture_peer.py", peer, path, progress, "restart", readers.size(), SECONDS));

            TortureWriter.Outcome written = new Gson().fromJson(child.lineWith("{"), TortureWriter.Outcome.class);
            String run = peer + " set back, to ShmRT, depth " + depth;
            assertEquals("", written.problem, run);
            List<TortureReader.Outcome> read = outcomes(readers);
            report(run + ", set back " + written.restarts + " times", written, JAVA_READERS, read);
            assertTrue(written.restarts > 0, run);
            for (int i = 0; i < read.size(); i++) {
                String reader = run + ": " + JAVA_READERS.get(i);
                assertEquals("", read.get(i).problem, reader);
                assertEquals(written.last, read.get(i).last, reader);
                assertEquals(written.restarts, read.get(i).restarts, reader);
                assertEquals(0, read.get(i).torn, reader);
                assertEquals(0, read.get(i).asleep, reader + ": slept although there was a new frame");
            }
        }
    }

    private List<ChildProcess> startJavaReaders(ChildProcesses children) {
        List<ChildProcess> readers = new ArrayList<>();
        for (int i = 0; i < JAVA_READERS.size(); i++) {
            String[] words = JAVA_READERS.get(i).split(" ");
            readers.add(children.start(TortureReader.class, path, progress, i, words[0], words[1]));
        }
        readers.forEach(reader -> reader.lineWith("ready"));
        return readers;
    }

    private static List<TortureReader.Outcome> outcomes(List<ChildProcess> readers) {
        return readers.stream()
                .map(reader -> new Gson().fromJson(reader.lineWith("{"), TortureReader.Outcome.class))
                .toList();
    }

    private void check(
            String run, ChildProcess writer, List<ChildProcess> readers, List<String> names, boolean countsFirst) {
        TortureWriter.Outcome written = new Gson().fromJson(writer.lineWith("{"), TortureWriter.Outcome.class);
        assertEquals("", written.problem, run);
        List<TortureReader.Outcome> read = outcomes(readers);
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
            String peer, TortureReader.Outcome read, TortureWriter.Outcome written, boolean countsFirst) {
        assertEquals("", read.problem, peer);
        assertEquals(0, read.restarts, peer);
        assertEquals(written.start, read.start, peer);
        assertEquals(written.last, read.last, peer);
        // DAO's library checks a semaphore before its counter is visible to others: a reader that relies on
        // the semaphore alone, as its own readers do, can miss a wake-up. ShmRT's readers check the counter
        // every 20 ms.
        assertTrue(
                read.asleep == 0 || (peer.startsWith("libdao") && peer.contains("raw")),
                peer + ": slept although there was a new frame, " + read.asleep + " times");
        assertEquals(
                read.last - read.start,
                read.taken + read.discarded + read.lost,
                peer + ": every frame is accepted, discarded or counted as lost");
        assertEquals(0, read.exactLost, peer + ": lost although the stream still held them");
        // DAO's library checks only the flag: it reports a frame that is counted but whose flag is still set
        // as overwritten.
        assertTrue(
                read.exactDiscarded == 0 || peer.startsWith("ShmRT to libdao"),
                peer + ": discarded although nothing was overwritten");
        assertEquals(0, read.exactTorn, peer + ": torn although nothing was overwritten");
        assertTrue(read.taken + read.exactDiscarded >= written.exact, peer);
        assertEquals(0, read.strict, peer + ": other writers do not mark their frames as strict");
        if (countsFirst) {
            assertEquals(0, read.torn, peer + ": torn frames accepted");
        }
        if (read.tokens >= 0) {
            assertEquals(written.counted, read.tokens, peer + ": every frame adds one token");
        }
    }

    private static void report(
            String run, TortureWriter.Outcome written, List<String> names, List<TortureReader.Outcome> read) {
        if (System.getProperty(PROPERTY) == null) {
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d frames, %d in bursts that the stream holds, %d pauses, slowest %.1f ms%n",
                run,
                written.last - written.start,
                written.exact,
                written.silences,
                written.slowestMs);
        System.out.println(
                "| reader | accepted | discarded | lost | torn | asleep | tokens | discarded although held |\n"
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
