package org.shmrt.camera.aravis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.Grabber;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.FramesAhead;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.testing.Scratch;

/**
 * Frames of the fake GigE camera of Aravis, in a process of its own, over the loopback interface. GigE cameras have one
 * port, so commands for a second fake camera reach the first one. Therefore only one run on a machine uses a camera.
 */
@Tag("slow")
@Timeout(600)
class AravisSourceTest {
    private static final String PROGRAM = "arv-fake-gv-camera-0.8";
    private static final int SIZE = 64;
    private static final long SECOND = 1_000_000_000L;
    /** The port of GigE cameras, which they use by UDP. Who has it by TCP may use a camera. */
    private static final int PORT = 3956;

    private static final long PORT_POLL_MS = 100;

    private static ServerSocket turn;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final String serial = "T" + ProcessHandle.current().pid();
    private Process camera;

    @BeforeAll
    static void awaitTurn() throws Exception {
        while (turn == null) {
            try {
                turn = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                Thread.sleep(PORT_POLL_MS); // another run of the tests has it
            }
        }
    }

    @AfterAll
    static void endTurn() throws IOException {
        turn.close();
    }

    @BeforeEach
    void findProgram() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM))),
                PROGRAM + " is not on PATH (Debian package aravis-tools): cameras by Aravis are not tested");
        try {
            AravisLibrary.load("cameras");
        } catch (ShmException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    @AfterEach
    void endCamera() throws InterruptedException {
        if (camera != null) {
            signal("CONT");
            camera.destroyForcibly().waitFor();
        }
    }

    /** Starts the camera; with a share of its packets not sent, in thousandths. */
    private void start(int lostPackets) throws IOException {
        camera = new ProcessBuilder(PROGRAM, "-i", "127.0.0.1", "-s", serial, "-r", Integer.toString(lostPackets))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(camera.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens the camera, which answers some time after its start. */
    private FrameSource open(String... settings) throws InterruptedException {
        Map<String, String> all = new HashMap<>(
                Map.of("packet-size", "1400", "Width", Integer.toString(SIZE), "Height", Integer.toString(SIZE)));
        for (String setting : settings) {
            all.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        SourceOptions options = new SourceOptions(
                Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalDouble.of(100), all);
        while (true) {
            try {
                return FrameSource.open("arv:Aravis-Fake-" + serial, options);
            } catch (ShmException e) {
                if (!e.getMessage().contains("not found")) {
                    throw e;
                }
                assumeTrue(camera.isAlive(), PROGRAM + " has ended: another one uses the port of GigE cameras");
                Thread.sleep(100);
            }
        }
    }

    /** The test picture of the camera: a ramp along both axes that moves with the frame number. */
    private static int pixel(long frameId, int x, int y) {
        return (int) ((x + y + frameId) % 255);
    }

    private static boolean isPicture(MemorySegment frame, long frameId) {
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                if ((frame.get(ValueLayout.JAVA_BYTE, (long) y * SIZE + x) & 0xff) != pixel(frameId & 0xffff, x, y)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A target that publishes frames itself, and keeps what it was given. */
    private static final class Slots implements FrameTarget, AutoCloseable {
        private final FrameSource source;
        private final FrameWriter writer;
        private final List<Long> addresses = new ArrayList<>();
        private final List<Long> ids = new ArrayList<>();
        private final List<Boolean> whole = new ArrayList<>();
        /** What the source had counted as lost when each frame arrived. */
        private final List<Long> lost = new ArrayList<>();

        private FramesAhead ahead;
        private long id;

        Slots(FrameSource source, FrameWriter writer) {
            this.source = source;
            this.writer = writer;
        }

        @Override
        public MemorySegment pixels() {
            throw new AssertionError("the source copies");
        }

        @Override
        public void frameId(long newId) {
            id = newId;
        }

        @Override
        public void acquiredNs(long unixNs) {
            assertTrue(Math.abs(unixNs - System.currentTimeMillis() * 1_000_000L) < 100 * SECOND, unixNs + " ns");
        }

        @Override
        public int maxBuffers() {
            return writer.stream().layout().depth() - 1;
        }

        @Override
        public FramesAhead ahead(int buffers) {
            ahead = writer.claimAhead(buffers);
            return ahead;
        }

        @Override
        public void filled(int buffer) {
            addresses.add(ahead.memory(buffer).address());
            ids.add(id);
            lost.add(source.lost());
            whole.add(isPicture(ahead.memory(buffer), id));
            ahead.publish(buffer);
        }

        /** First the source, which writes to the slots until then. */
        @Override
        public void close() {
            source.close();
            if (ahead != null) {
                ahead.close();
            }
        }
    }

    /** Reads until a condition holds. */
    private static void readUntil(FrameSource source, FrameTarget target, BooleanSupplier isReached) {
        while (!isReached.getAsBoolean()) {
            source.read(target, SECOND);
        }
    }

    private static void stop(FrameSource source) {
        source.close();
    }

    @Test
    void shouldAssembleFramesInTheSlotsOfTheStream() throws Exception {
        start(0);
        try (FrameSource source = open("buffers=5");
                ImageStream stream = ImageStream.create(
                        scratch.stream("cam"), Grabber.spec("dao", source.format(), source.preferredDepth()));
                FrameWriter writer = stream.writer();
                Slots slots = new Slots(source, writer)) {
            assertEquals(10, stream.layout().depth());
            readUntil(source, slots, () -> slots.ids.size() >= 30);
            stop(source);

            assertEquals(5, slots.ahead.size());
            assertTrue(slots.whole.stream().allMatch(Boolean::booleanValue), slots.whole.toString());
            long damaged = source.damaged();
            if (damaged == 0) { // else some are copied; a busy machine drops packets
                assertEquals(0, slots.ahead.copies());
            }
            // Each buffer is the slot that the frame then had, unless it replaced a damaged one.
            long stride = stream.layout().frameBytes();
            long inPlace = 0;
            for (int i = 0; i < slots.addresses.size(); i++) {
                long first = slots.addresses.getFirst();
                inPlace += slots.addresses.get(i) == first + i % 10 * stride ? 1 : 0;
            }
            assertTrue(inPlace >= 30 - 6 * damaged, inPlace + " in place, " + damaged + " damaged");
        }
    }

    @ParameterizedTest
    @CsvSource({"dao, 12, Mono8", "dao, 1, Mono8", "milk, 4, Mono8", "dao, 12, Mono16", "dao, 12, RGB8"})
    void shouldGrabIntoEveryKindOfStream(String format, int depth, String pixelFormat) throws Exception {
        start(0);
        try (FrameSource source = open("PixelFormat=" + pixelFormat);
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), Grabber.spec(format, source.format(), depth));
                FrameReader reader = stream.reader(WaitStrategy.spin());
                Grabber grabber = new Grabber(source, stream)) {
            for (int i = 0; i < 10; i++) {
                assertTrue(grabber.run(1));
                assertTrue(reader.newest().hasFrame());
                if (pixelFormat.equals("Mono8")) {
                    assertTrue(isPicture(reader.frame(), reader.frameId()), "frame " + reader.frameId());
                }
                assertTrue(reader.validate());
            }
            assertEquals(10, grabber.counts().published());
        }
    }

    @Test
    void shouldWithholdDamagedFramesAndCountThem() throws Exception {
        start(60); // of 1000 packets; a frame has 5
        try (FrameSource source = open();
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), Grabber.spec("dao", source.format(), 16));
                FrameWriter writer = stream.writer();
                Slots slots = new Slots(source, writer)) {
            readUntil(source, slots, () -> source.damaged() >= 5 && slots.ids.size() >= 20);
            stop(source);

            assertTrue(slots.whole.stream().allMatch(Boolean::booleanValue), slots.whole.toString());
            long last = slots.ids.getLast();
            long sent = last - slots.ids.getFirst() + 1;
            // Those before the first whole frame and after the last one have no number that is known.
            long lost = slots.lost.getLast() - slots.lost.getFirst();
            assertEquals(sent, slots.ids.size() + lost, slots.ids + " and " + lost + " lost");
            assertEquals(slots.ids.size(), slots.ids.stream().distinct().count());
            assertEquals(slots.ids.stream().sorted().toList(), slots.ids);
        }
    }

    @Test
    void shouldReportACameraThatWasKilled() throws Exception {
        start(0);
        try (FrameSource source = open();
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), Grabber.spec("dao", source.format(), 16));
                Grabber grabber = new Grabber(source, stream)) {
            assertTrue(grabber.run(3));
            camera.destroyForcibly().waitFor();

            ShmException end = assertThrows(ShmException.class, () -> grabber.run(Long.MAX_VALUE));

            assertTrue(end.getMessage().contains("does not answer any more"), end.getMessage());
        }
    }

    @Test
    void shouldContinueAfterAStall() throws Exception {
        start(0);
        try (FrameSource source = open();
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), Grabber.spec("dao", source.format(), 16));
                FrameWriter writer = stream.writer();
                Slots slots = new Slots(source, writer)) {
            readUntil(source, slots, () -> slots.ids.size() >= 3);
            signal("STOP");
            boolean[] timedOut = {false};
            while (!timedOut[0]) {
                timedOut[0] = source.read(slots, SECOND / 10) == FrameSource.Arrival.TIMED_OUT;
            }
            signal("CONT");
            int before = slots.ids.size();

            readUntil(source, slots, () -> slots.ids.size() >= before + 3);

            assertTrue(slots.whole.stream().allMatch(Boolean::booleanValue), slots.whole.toString());
        }
    }

    @Test
    void shouldEndWhenTheSizeOfTheFramesChanges() throws Exception {
        start(0);
        open().close();
        String camera = "Aravis-Fake-" + serial;
        AravisCamera device = AravisCamera.open("arv:" + camera, camera);
        device.configure(settings("Height=" + SIZE, "Width=" + SIZE));
        try (AravisSource source = new AravisSource(device, 4);
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), Grabber.spec("dao", source.format(), 16));
                FrameWriter writer = stream.writer();
                Slots slots = new Slots(source, writer)) {
            readUntil(source, slots, () -> slots.ids.size() >= 3);
            device.configure(settings("Height=" + SIZE / 2));

            ShmException end = assertThrows(ShmException.class, () -> readUntil(source, slots, () -> false));

            assertTrue(end.getMessage().contains("another program has changed the camera"), end.getMessage());
            assertTrue(slots.whole.stream().allMatch(Boolean::booleanValue), slots.whole.toString());
        }
    }

    private static AravisSettings settings(String... features) {
        return new AravisSettings(
                4, OptionalInt.of(1400), AravisSettings.PacketSocket.OFF, OptionalDouble.of(100), List.of(features));
    }

    @Test
    void shouldListTheCamera() throws Exception {
        start(0);
        open().close();

        List<String> found = FrameSource.list();

        assertTrue(
                found.stream().anyMatch(line -> line.startsWith("arv:Aravis-Fake-" + serial + "  ")), found.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NoSuchFeature=1", "PixelFormat=Mono99", "Width=wide"})
    void shouldReportWhatTheCameraRefuses(String setting) throws Exception {
        start(0);

        ShmException refusal = assertThrows(ShmException.class, () -> open(setting));

        assertTrue(refusal.getMessage().startsWith("cannot set " + setting), refusal.getMessage());
    }

    @Test
    void shouldReportACameraWithoutPixels() throws Exception {
        start(0);

        ShmException refusal = assertThrows(ShmException.class, () -> open("Width=0"));

        assertTrue(refusal.getMessage().contains("sends frames of 64x0 pixels"), refusal.getMessage());
    }

    @Test
    void shouldReportAMissingCamera() {
        ShmException missing =
                assertThrows(ShmException.class, () -> FrameSource.open("arv:no-such-camera", SourceOptions.NONE));

        assertTrue(missing.getMessage().contains("no-such-camera"), missing.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"buffers=0", "buffers=x", "packet-size=1", "packet-socket=maybe", "no-such=1", "A=\"b\""})
    void shouldRejectWrongSettings(String setting) {
        String[] words = setting.split("=", 2);
        SourceOptions options = new SourceOptions(
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                Map.of(words[0], words[1]));

        assertThrows(IllegalArgumentException.class, () -> FrameSource.open("arv:any", options));
    }

    @Test
    void shouldEndWhenItIsClosedByAnotherThread() throws Exception {
        start(0);
        try (FrameSource source = open();
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), Grabber.spec("dao", source.format(), 16))) {
            Grabber grabber = new Grabber(source, stream);
            boolean[] all = {true};
            Thread thread = new Thread(() -> all[0] = grabber.run(Long.MAX_VALUE));
            thread.start();
            while (grabber.counts().published() < 5) {
                Thread.sleep(5);
            }

            grabber.close();
            thread.join();

            assertEquals(false, all[0]);
            try (FrameWriter next = stream.writer()) {
                assertEquals(stream.status().cnt0() + 1, publish(next));
            }
        }
    }

    private static long publish(FrameWriter writer) {
        writer.claim();
        return writer.publish();
    }
}
