package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.TextOutput;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ChildJvm;

/** Standard output that cannot be written: a full device, a pipe whose reader has gone. */
@Timeout(600)
@Tag("slow")
class LostOutputTest {
    private static final Path FULL = Path.of("/dev/full");

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @RegisterExtension
    final BlockScratch blocks = new BlockScratch();

    private String block;

    @AfterEach
    void remove() {
        SharedMemory.remove(block);
    }

    @BeforeEach
    void create() throws IOException {
        assumeTrue(Files.isWritable(FULL), "there is no /dev/full");
        ImageStream.create(
                        shm.stream(),
                        StreamSpec.milk(DataType.UINT8, Shape.of(2, 3)).withKeywords(2))
                .close();
        Files.write(shm.file("f.raw"), new byte[6]);
        block = blocks.name("lost");
        SharedMemory.create(block, 64).close();
    }

    /** Runs a command line with a full device as standard output. */
    private CommandRun onFullDevice(String line) throws IOException {
        StringWriter err = new StringWriter();
        try (Writer full = new OutputStreamWriter(new FileOutputStream(FULL.toFile()), StandardCharsets.UTF_8)) {
            int status = Shm.run(
                    new TextOutput(full, FULL),
                    new PrintWriter(err, true),
                    shm.expand(line.replace("BLOCK", block).split(" +")));
            return new CommandRun(status, "", err.toString());
        } catch (IOException e) {
            throw new AssertionError("what could not be written must not remain in the buffer", e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "demo --help",
                "create --help",
                "create DIR/new.im.shm --shape 2x2 --dtype u8 --json",
                "create DIR/new.im.shm --shape 2x2 --dtype u8",
                "list",
                "list DIR",
                "list DIR --json",
                "info STREAM",
                "info STREAM --json",
                "read STREAM --wait none --timeout 1ms",
                "read STREAM --json",
                "write STREAM --in DIR/f.raw",
                "write STREAM --in DIR/f.raw --json",
                "keyword STREAM a=1 --json",
                "keyword STREAM --json",
                "watch STREAM --once --for 10ms",
                "watch STREAM --for 10ms",
                "watch STREAM --for 10ms --json",
                "repair --help",
                "convert STREAM DIR/other.im.shm --format dao",
                "convert STREAM DIR/other.im.shm --format dao --json",
                "shm2fits STREAM DIR/x.fits",
                "shm2fits STREAM DIR/x.fits --json",
                "link --help",
                "rm --help",
                "block",
                "block --help",
                "block list",
                "block list --json",
                "block show BLOCK",
                "block show BLOCK --json",
                "block read BLOCK",
                "block read BLOCK --json",
                "block write BLOCK --in DIR/f.raw",
                "block rm --help",
                "array",
                "array list --json",
                "array show --help",
                "show STREAM",
                "zero STREAM",
                "post STREAM",
                "latency STREAM STREAM --for 10ms",
                "latency STREAM STREAM --for 10ms --json",
                "metrics",
                "top --once --every 50ms",
                "top --json --every 50ms",
                "doctor --json",
                "loop list --json",
                "relay status --json",
                "completion bash",
                "help read",
                "grab sim:ramp DIR/grabbed.im.shm --count 2",
                "record STREAM --out DIR/recorded --for 10ms",
                "view DIR --port 0",
                "replay --help",
                "extract --help"
            })
    void shouldFailWithOneLineOnAFullDevice(String line) throws IOException {
        onFullDevice(line).refused(1, "cannot write to standard output");
    }

    @Test
    void shouldKeepTheStatusOfAnotherFailure() throws IOException {
        onFullDevice("info DIR/none.im.shm").refused(1, "there is no");
        onFullDevice("read").refused(2, "STREAM");
        onFullDevice("read STREAM --wait spin --timeout 1ms").refused(3, "no new frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"info STREAM", "read STREAM --out -", "block read BLOCK --out -", "--help"})
    void shouldFailAsAProcessOnAFullDevice(String line) throws Exception {
        Process process = start(line, ProcessBuilder.Redirect.to(FULL.toFile()));

        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), errors);
        assertEquals(1, errors.lines().count(), errors);
        assertTrue(errors.contains("cannot write to standard output"), errors);
    }

    private Process start(String line, ProcessBuilder.Redirect output) throws IOException {
        String[] arguments = shm.expand(line.replace("BLOCK", block).split(" +"));
        List<String> command = ChildJvm.command(ChildJvm.QUICK, Shm.class, arguments);
        return new ProcessBuilder(command).redirectOutput(output).start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "watch STREAM --for 10ms",
                "watch STREAM --for 10ms --json",
                "read STREAM --next --count 1000000000 --timeout 90s",
                "read STREAM --next --count 1000000000 --timeout 90s --json"
            })
    void shouldEndQuietlyWhenTheReaderOfItsPipeCloses(String line) throws Exception {
        Process process = start(line, ProcessBuilder.Redirect.PIPE);
        try (ImageStream opened = ImageStream.open(shm.stream());
                FrameWriter writer = opened.writer()) {
            Thread frames = Thread.ofPlatform().start(() -> {
                while (process.isAlive()) {
                    writer.write(MemorySegment.ofArray(new byte[6]));
                    LockSupport.parkNanos(1_000_000);
                }
            });
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            lines.readLine();
            lines.close();

            assertEquals(141, process.waitFor(), "as if SIGPIPE had ended it");
            assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            frames.join();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldEndQuietlyWhenTheReaderOfRawFramesCloses() throws Exception {
        Process process = start("read STREAM --wait none --count 1000000000 --out -", ProcessBuilder.Redirect.PIPE);
        try {
            process.getInputStream().read();
            process.getInputStream().close();

            assertEquals(141, process.waitFor(), "as if SIGPIPE had ended it");
            assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
