package org.shmrt.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/**
 * One process writes without pauses, ten read. {@code -Dshmrt.soak.seconds=600} sets the duration per format and prints
 * the result of every process.
 */
@Tag("slow")
@Timeout(20_000)
class SoakTest {
    private static final String PROPERTY = "shmrt.soak.seconds";
    private static final long SECONDS = Long.getLong(PROPERTY, 6);
    /** Time for the compilers and collectors of eleven JVMs to reach a steady state. */
    private static final long WARM_UP_S = Math.clamp(SECONDS / 5, 1, 60);

    /**
     * For each reader how it waits, whether it copies or reads in place, and whether it reads the next or the newest
     * frame.
     */
    private static final List<String> READERS = List.of(
            "spin copy next",
            "spin place next",
            "sem copy next",
            "sem place next",
            "sem copy newest",
            "hybrid copy next",
            "hybrid place newest",
            "backoff copy next",
            "millis place next",
            "millis copy newest");

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static List<StreamSpec> formats() {
        return List.of(
                StreamSpec.dao(NumberedFrames.TYPE, NumberedFrames.SHAPE).withDepth(8),
                StreamSpec.milk(NumberedFrames.TYPE, NumberedFrames.SHAPE));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldNotTearLeakOrMiscount(StreamSpec spec) throws InterruptedException {
        Path path = scratch.stream("load");
        try (ImageStream stream = ImageStream.create(path, spec);
                ChildProcesses children = new ChildProcesses()) {
            ChildProcess writer = children.start(SoakChild.class, "write", path);
            List<ChildProcess> readers = new ArrayList<>();
            for (String reader : READERS) {
                String[] words = reader.split(" ");
                readers.add(children.start(SoakChild.class, "read", path, words[0], words[1], words[2]));
            }
            children.forEach(child -> child.lineWith("ready"));

            children.forEach(child -> child.send("go"));
            Thread.sleep(1000 * WARM_UP_S);
            children.forEach(child -> child.send("measure"));
            Thread.sleep(1000 * (SECONDS / 2 - WARM_UP_S));
            children.forEach(child -> child.send("sample"));
            Thread.sleep(1000 * (SECONDS - SECONDS / 2));
            writer.send("last 0");
            SoakChild.Outcome written = outcome(writer);
            readers.forEach(reader -> reader.send("last " + written.last));
            List<SoakChild.Outcome> read =
                    readers.stream().map(SoakTest::outcome).toList();

            report(spec, written, read);
            check("writer", written, spec);
            assertEquals(written.last, stream.status().cnt0(), "count of the stream");
            assertEquals(written.frames, written.last - written.start, "number of frames written");
            for (int i = 0; i < READERS.size(); i++) {
                checkReader(READERS.get(i), read.get(i), written, spec);
            }
            long semaphores = read.stream()
                    .filter(r -> r.semaphore >= 0)
                    .map(r -> r.semaphore)
                    .distinct()
                    .count();
            assertEquals(5, semaphores, "each sleeping reader has its own semaphore");
        }
    }

    private static SoakChild.Outcome outcome(ChildProcess child) {
        return new Gson().fromJson(child.lineWith("{"), SoakChild.Outcome.class);
    }

    private void checkReader(String who, SoakChild.Outcome read, SoakChild.Outcome written, StreamSpec spec) {
        check(who, read, spec);
        assertEquals(0, read.torn, who + ": torn frames accepted");
        assertEquals(written.last, read.last, who + ": last frame read");
        assertTrue(read.frames > 0, who + ": frames accepted");
        assertEquals(
                read.last - read.start,
                read.frames + read.discarded + read.lost,
                who + ": every frame is accepted, discarded or counted as lost");
    }

    private void check(String who, SoakChild.Outcome outcome, StreamSpec spec) {
        String process = spec.format() + ", " + who;
        assertEquals("", outcome.problem, process);
        ResourceUsage.assertNoGrowth(process, outcome.before, outcome.after);
        assertTrue(outcome.after.sharedMappings() > 0, process);
        assertEquals(0, outcome.closed.sharedMappings(), process + ": mappings after closing");
    }

    private static void report(StreamSpec spec, SoakChild.Outcome written, List<SoakChild.Outcome> read) {
        if (System.getProperty(PROPERTY) == null) {
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d frames in %d s%n%s%n%s%n",
                spec.format(),
                written.frames,
                SECONDS,
                "| process | accepted | discarded | lost | torn | heap, KiB | resident, KiB | KiB/min | descriptors "
                        + "| mappings |",
                "|---|---|---|---|---|---|---|---|---|---|");
        line("writer", written);
        for (int i = 0; i < READERS.size(); i++) {
            line(READERS.get(i), read.get(i));
        }
    }

    private static void line(String who, SoakChild.Outcome o) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d %+d | %d %+d | %+.1f | %d %+d | %d %+d |%n",
                who,
                o.frames,
                o.discarded,
                o.lost,
                o.torn,
                o.before.heap() / 1024,
                (o.after.heap() - o.before.heap()) / 1024,
                o.before.resident() / 1024,
                (o.after.resident() - o.before.resident()) / 1024,
                o.residentBytesPerSecond * 60 / 1024,
                o.before.descriptors(),
                o.after.descriptors() - o.before.descriptors(),
                o.before.mappings(),
                o.after.mappings() - o.before.mappings());
    }
}
