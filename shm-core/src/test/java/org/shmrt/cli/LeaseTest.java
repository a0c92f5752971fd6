package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.block.SharedMemory;
import org.shmrt.error.BusyException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.SharedObject;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ExternalCommand;

/**
 * Files with a lease: an ordinary open would wait for 45 seconds, and again for the next lease. The owner here never
 * releases its leases, so that each test would time out if a verb waited once.
 */
@Timeout(600)
@Tag("slow")
class LeaseTest {
    /** Acquires write leases on files, and ignores the kernel's requests to release them. */
    private static final String OWNER = """
        import fcntl, os, signal, sys
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        files = [os.open(name, os.O_RDWR) for name in sys.argv[1:]]
        for file in files:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        print("leased", flush=True)
        sys.stdin.readline()
        """;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private ChildProcess owner;

    @BeforeEach
    void create() throws IOException {
        Assumptions.assumeTrue(ExternalCommand.succeeds("python3", "-c", "pass"), "there is no python3");
        ImageStream.create(shm.stream(), StreamSpec.dao(DataType.UINT8, Shape.of(2, 3)))
                .close();
        ImageStream.create(shm.link(), StreamSpec.milk(DataType.UINT8, Shape.of(2, 3)))
                .close();
        shm.runLine("read STREAM --out DIR/x.npy").succeeded();
        shm.runLine("read STREAM --out DIR/x.fits").succeeded();
        shm.runLine("read STREAM --out DIR/x.fits.gz").succeeded();
        shm.runLine("read STREAM --out DIR/x.raw").succeeded();
        shm.runLine("array create file://DIR/array --shape 3 --dtype u8").succeeded();
        owner = lease(
                "x.npy",
                "x.fits",
                "x.fits.gz",
                "x.raw",
                "array",
                shm.stream().getFileName().toString());
    }

    private ChildProcess lease(String... files) {
        List<String> command = new ArrayList<>(List.of("python3", "-c", OWNER));
        for (String file : files) {
            command.add(shm.file(file).toString());
        }
        ChildProcess child = ChildProcess.start(command);
        child.expect("leased");
        return child;
    }

    @AfterEach
    void release() {
        if (owner != null) {
            owner.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info STREAM",
                "info STREAM --json",
                "read STREAM",
                "write STREAM --in DIR/x.raw",
                "watch STREAM --once",
                "keyword STREAM",
                "convert STREAM DIR/new.im.shm --format milk",
                "write LINK --in DIR/x.npy",
                "write LINK --in DIR/x.fits",
                "write LINK --in DIR/x.fits.gz",
                "write LINK --in DIR/x.raw",
                "write LINK --in DIR/x.raw --loop",
                "array import file://DIR/new DIR/x.npy",
                "array show file://DIR/array",
                "array rm file://DIR/array",
                "rm STREAM",
                "array export file://DIR/array DIR/out.npy"
            })
    void shouldFailAtOnceAndSayWhy(String line) {
        CommandRun run = shm.runLine(line);

        run.refused(1, "lease");
        assertTrue(!run.err().contains("ulimit"), run.err());
    }

    @Test
    void shouldListTheOthersAndAFindingForEachLeasedFile() {
        CommandRun text = shm.runLine("list DIR").succeeded();
        boolean found = false;
        for (var entry : shm.runLine("list DIR --json").jsonArray()) {
            JsonObject object = entry.getAsJsonObject();
            if (object.get("path").getAsString().equals(shm.stream().toString())) {
                assertTrue(object.get("findings").toString().contains("lease"), object::toString);
                found = true;
            }
        }

        assertTrue(found);
        assertTrue(text.out().contains(" milk "), text.out());
        assertEquals(
                1, text.out().lines().filter(line -> line.contains(" milk ")).count());
        assertTrue(
                text.out().lines().anyMatch(line -> line.startsWith("array ") && line.contains("lease")), text.out());
    }

    /** Its version is that of the other streams of the directory, of which one is leased. */
    @Test
    void shouldCreateAMilkStreamBesideALeasedOne() {
        shm.runLine("create DIR/new.im.shm --shape 2x3 --dtype u8 --format milk")
                .succeeded();
    }

    @Test
    void shouldNotWaitForTheLeaseOnABlock() {
        String name = shm.scratch().prefix() + "block";
        SharedMemory.create(name, 100).close();
        ChildProcess holder = lease(SharedObject.file(name).toString());
        try {
            BusyException busy = assertThrows(BusyException.class, () -> SharedMemory.attach(name));
            assertTrue(busy.getMessage().contains("lease"), busy.getMessage());
        } finally {
            holder.close();
            assertTrue(SharedObject.unlink(name));
        }
    }

    @Test
    void shouldReplaceALeasedFile() {
        shm.runLine("read LINK --out DIR/x.npy").succeeded();
    }

    @Test
    void shouldListPipesAndDevicesWithoutOpeningThem() throws Exception {
        Path pipe = shm.file("pipe.im.shm");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.createSymbolicLink(shm.file("null.im.shm"), Path.of("/dev/null"));

        String out = shm.runLine("list DIR").succeeded().out();
        shm.runLine("info DIR/pipe.im.shm").refused(1, "is a pipe or device");
        shm.runLine("info DIR/null.im.shm").refused(1, "is a pipe or device");

        assertEquals(
                2,
                out.lines().filter(line -> line.contains("is a pipe or device")).count(),
                out);
    }
}
