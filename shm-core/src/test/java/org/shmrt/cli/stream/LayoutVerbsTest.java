package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;

/** The verbs that create streams choose DAO's layout version 2 by an option or the environment, and show its claims. */
@Timeout(600)
class LayoutVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private String variant() {
        return StreamInfo.of(shm.stream()).layout().variant();
    }

    @ParameterizedTest
    @CsvSource({"2, v2", "v2, v2", "fifo, fifo", "wide, wide"})
    void shouldCreateTheLayout(String layout, String variant) {
        JsonObject created = shm.runLine(
                        "create STREAM --shape 4x3 --dtype u8 --layout " + layout + " --depth 2 --json")
                .json();

        assertEquals(variant, created.get("variant").getAsString());
        assertEquals(variant.equals("v2") ? 16 : 10, created.get("semaphores").getAsInt());
        assertTrue(shm.runLine("info STREAM").succeeded().out().contains("dao, " + variant + " layout"));
        String row = shm.runLine("list DIR").succeeded().out();
        assertEquals(!variant.equals("fifo"), row.contains("; " + variant + " layout"), row);
    }

    @Test
    void shouldConvertToTheLayout() {
        shm.runLine("create STREAM --shape 4x3 --dtype u8").succeeded();

        JsonObject report = shm.runLine("convert STREAM LINK --format dao --layout 2 --json")
                .json();

        assertEquals("v2", report.get("variant").getAsString());
    }

    @Test
    void shouldGrabIntoTheLayout() {
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 4x4 --layout 2").succeeded();
        assertEquals("v2", variant());

        shm.runLine("grab sim:ramp STREAM --count 1 --shape 4x4 --layout v2").succeeded();
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 4x4").succeeded();
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 4x4 --layout fifo")
                .refused(1, "has the layout v2, not fifo");
        assertEquals(3, StreamInfo.of(shm.stream()).status().cnt0());
    }

    /** The verb writes files in its working directory, so it runs in a process of its own. */
    @Test
    @Tag("slow")
    void shouldLoadAFitsImageIntoTheLayout() {
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 4x4").succeeded();
        shm.runLine("shm2fits STREAM DIR/a.fits").succeeded();
        shm.runLine("rm STREAM").succeeded();
        try (ChildProcess child = shm.start("fits2shm a.fits STREAM --format dao --layout 2")) {
            child.finish();
        }

        assertEquals("v2", variant());
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"2, '', v2", "2, --layout fifo, fifo", "'', '', fifo"})
    void shouldCreateTheLayoutOfTheEnvironmentUnlessOneIsGiven(String environment, String option, String variant) {
        try (ChildProcess child =
                shm.start("create STREAM --shape 4x3 --dtype u8 " + option, Map.of("SHMRT_DAO_LAYOUT", environment))) {
            child.finish();
        }

        assertEquals(variant, variant());
    }

    @ParameterizedTest
    @CsvSource({
        "repair DIR, Is a directory (errno 21): name a file in it",
        "repair DIR --dry-run, 'is a directory, not a stream'"
    })
    void shouldNotRepairADirectory(String line, String reason) {
        shm.runLine(line).refused(1, reason);
    }

    @Test
    void shouldRepairTheRing() throws IOException {
        shm.runLine("grab sim:ramp STREAM --count 3 --shape 4x4 --layout 2 --depth 2")
                .succeeded();
        byte[] valid = Files.readAllBytes(shm.stream());
        byte[] damaged = valid.clone();
        damaged[16576] = 77;
        damaged[16580] = 77;
        Files.write(shm.stream(), damaged);
        shm.runLine("info STREAM").refused(1, "shm repair may correct it");

        CommandRun repaired = shm.runLine("repair STREAM").succeeded();

        assertTrue(repaired.out().contains("fifo_size (offset 16576) was 77, is now 2"), repaired.out());
        assertTrue(repaired.err().contains("packet ids"), repaired.err());
        assertEquals(-1, java.util.Arrays.mismatch(valid, Files.readAllBytes(shm.stream())));
    }

    @Test
    void shouldShowAndRespectClaims() {
        shm.runLine("grab sim:ramp STREAM --count 1 --shape 4x4 --layout 2").succeeded();
        long pid = ProcessHandle.current().pid();
        try (ImageStream stream = ImageStream.open(shm.stream());
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            JsonObject info = shm.runLine("info STREAM --json").json();

            assertEquals(15, reader.semaphoreIndex());
            assertEquals(pid, info.getAsJsonArray("sem_reader_pids").get(15).getAsLong());
            assertTrue(info.getAsJsonArray("sem_claimed").get(15).getAsBoolean());
            assertTrue(info.getAsJsonArray("sem_reader_pids").get(14).isJsonNull());
            assertTrue(shm.runLine("info STREAM").out().contains("semaphore 15 by process " + pid));
            String warned =
                    shm.runLine("read STREAM --wait sem --sem 15 --timeout 1ms").err();
            assertTrue(warned.contains("process " + pid + " has claimed semaphore 15"), warned);
            String unwarned =
                    shm.runLine("read STREAM --wait sem --sem 3 --timeout 1ms").err();
            assertTrue(!unwarned.contains("claimed"), unwarned);
        }
    }
}
