package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;

/** {@code shm post}, {@code zero} and {@code stamp}, replicas, and the versions of milk's library. */
class SignalVerbsTest {
    private static final MemorySegment FRAME = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private void create(String format, Keyword... keywords) {
        try (ImageStream stream = ImageStream.create(
                        shm.stream(),
                        StreamSpec.of(format, DataType.UINT8, Shape.of(2, 2)).withKeywords(keywords.length));
                FrameWriter writer = stream.writer()) {
            writer.write(FRAME);
            stream.keywordTable().update(List.of(keywords));
        }
    }

    private void createReplica() {
        create(
                "dao",
                Keyword.of("NET_REPLICA", "rtc1"),
                Keyword.of("NET_SRC_CNT", 41L),
                Keyword.of("NET_SRC_TIME", 1_700_000_000_000_000_000L),
                Keyword.of("NET_AGE_US", 1200L),
                Keyword.of("NET_DROPPED", 3L),
                Keyword.of("NET_LINK", 1L));
    }

    private JsonObject info() {
        return shm.run("info", "STREAM", "--json").json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "post STREAM --sem 3; semaphore 3 posted; [1,1,1,2,1,1,1,1,1,1]",
                "post STREAM; 10 semaphores posted; [2,2,2,2,2,2,2,2,2,2]",
                "post STREAM --log; the log semaphore posted; [1,1,1,1,1,1,1,1,1,1]"
            })
    void shouldPostSemaphores(String line, String report, String values) {
        create("milk");

        CommandRun run = shm.runLine(line).succeeded();

        assertEquals(shm.stream() + ": " + report + "\n", run.out());
        assertEquals(values, info().get("sem_values").toString());
        assertEquals(1, info().get("cnt0").getAsLong());
    }

    @Test
    void shouldReportASemaphoreAtItsCapAndRefuseOneThatDoesNotExist() {
        create("dao");

        assertTrue(shm.runLine("post STREAM --sem 0")
                .succeeded()
                .out()
                .endsWith("not posted: its value is at the cap already\n"));
        shm.runLine("post STREAM --sem 10").refused(2, "has 0 to 9");
        assertEquals(2, shm.runLine("post STREAM --sem 1 --log").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldWriteAFrameOfZeros(String format) {
        create(format);

        CommandRun run = shm.runLine("zero STREAM").succeeded();

        assertEquals(shm.stream() + ": frame 2 of zeros written\n", run.out());
        assertTrue(shm.runLine("read STREAM").out().contains("min 0  max 0"));
        assertEquals(1, shm.runLine("zero DIR/none.im.shm").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldStoreATimeWithoutAFrame(String format) {
        create(format);

        CommandRun run =
                shm.runLine("stamp STREAM --at 2025-01-02T03:04:05.25Z").succeeded();

        assertEquals(shm.stream() + ": the time of frame 1 is now 2025-01-02T03:04:05.250Z\n", run.out());
        long acquiredNs = info().get("acquired_ns").getAsLong();
        long taiNs = format.equals("milk") ? 37_000_000_000L : 0;
        assertTrue(
                acquiredNs == 1_735_787_045_250_000_000L || acquiredNs == 1_735_787_045_250_000_000L + taiNs,
                "TAI if the kernel has its offset: " + acquiredNs);
        assertEquals(1, info().get("cnt0").getAsLong());
        shm.runLine("stamp STREAM").succeeded();
        assertTrue(info().get("age_s").getAsDouble() < 1e6);
        shm.runLine("stamp STREAM --at yesterday").refused(2, "is not a time in UTC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldRefuseATimeThatNoStreamCanStore(String format) {
        create(format);

        shm.runLine("stamp STREAM --at 2262-04-11T23:46:00Z").succeeded();
        for (String time : List.of(
                "2262-04-12T00:00:00Z",
                "1677-01-01T00:00:00Z",
                "+1000000-01-01T00:00:00Z",
                "-500000-01-01T00:00:00Z")) {
            shm.runLine("stamp STREAM --at=" + time).refused(2, "between the years 1678 and 2262");
        }
        assertTrue(info().get("acquired_ns").getAsLong() > 9_223_371_900_000_000_000L, "as before");
    }

    @Test
    void shouldShowAReplicaAndRefuseToWriteIt() throws IOException {
        createReplica();
        Files.write(shm.file("x.raw"), new byte[4]);

        CommandRun text = shm.runLine("info STREAM").succeeded();
        CommandRun list = shm.runLine("list DIR").succeeded();
        JsonObject replica = info().getAsJsonObject("replica");

        assertTrue(
                text.out()
                        .contains(
                                "replica     of rtc1, connected; source frame 41, written 2023-11-14T22:13:20Z, 1200 us"
                                        + " old on arrival; 3 frames dropped"),
                text.out());
        assertTrue(
                list.out().contains("-; replica of rtc1") && list.out().contains("1.2 ms old on arrival, 3 dropped"),
                list.out());
        assertEquals(
                "{\"owner\":\"rtc1\",\"connected\":true,\"source_cnt0\":41,\"source_time_ns\":1700000000000000000,"
                        + "\"age_us\":1200,\"dropped\":3}",
                replica.toString());
        for (String verb : List.of("zero STREAM", "stamp STREAM", "write STREAM --in DIR/x.raw")) {
            CommandRun refusal = shm.runLine(verb);
            assertEquals(1, refusal.status(), verb);
            assertTrue(refusal.err().contains("it is a replica of a stream on rtc1"), refusal.err());
        }
        shm.runLine("zero STREAM --to-owner").succeeded();
        assertEquals(2, info().get("cnt0").getAsLong());
    }

    @Test
    void shouldShowAReplicaInTop() {
        createReplica();

        // Loops of others on this machine are shown too.
        JsonObject item = shm.runLine("top DIR --once --json").json().getAsJsonArray("items").asList().stream()
                .map(element -> element.getAsJsonObject())
                .filter(element -> element.get("kind").getAsString().equals("stream"))
                .findFirst()
                .orElseThrow();

        assertTrue(item.get("note").getAsString().startsWith("replica of rtc1, connected"), item.toString());
        assertEquals(3, item.get("lost").getAsLong());
    }

    @Test
    void shouldHaveNoReplicaInOtherStreams() {
        create("dao");

        assertTrue(info().get("replica").isJsonNull());
    }

    @Test
    void shouldCreateTheVersionThatTheEnvironmentNames() {
        for (Map.Entry<String, String> expected :
                Map.of("2.01", "2.01", "", "2.00").entrySet()) {
            try (ChildProcess child = shm.start(
                    "create STREAM --format milk --shape 2x2 --dtype u8 --force --json",
                    Map.of("SHMRT_MILK_LAYOUT", expected.getKey()))) {
                String line = child.line();
                child.finish();

                assertTrue(line.contains("\"variant\":\"" + expected.getValue() + "\""), line);
            }
            // The next round must not find a neighbour.
            ImageStream.remove(shm.stream());
        }
    }

    @Test
    void shouldCreateTheVersionOfTheStreamsBesideIt() throws IOException {
        shm.runLine("create DIR/first.im.shm --format milk --layout 2.01 --shape 2x2 --dtype u8")
                .succeeded();
        shm.runLine("create STREAM --format milk --shape 2x2 --dtype u8").succeeded();

        assertEquals("2.01", info().get("variant").getAsString());
        shm.runLine("write STREAM --in DIR/x.raw --loop --count 1").refused(1, "there is no file");
        shm.runLine("zero STREAM").succeeded();
        Files.copy(shm.stream(), shm.file("cam_tmpcreate.im.shm"));
        assertFalse(shm.runLine("list DIR").out().contains("tmpcreate"));
    }
}
