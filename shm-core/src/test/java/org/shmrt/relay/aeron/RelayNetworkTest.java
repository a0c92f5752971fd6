package org.shmrt.relay.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.IoUtil;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.OwnProcess;
import org.shmrt.process.ChildProcess;
import org.shmrt.relay.service.RelayFixture;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** Two network namespaces and a link between them, as between two machines. */
@Tag("slow")
@Timeout(600)
class RelayNetworkTest {
    /** Aeron repeats the packets that a receiver misses one after the other, so their number bounds the rate. */
    private static final Shape SHAPE = Shape.of(64, 80);

    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final int TIMES = 300;
    /** Keeps all frames, also if a busy machine lets the sender or a reader wait for seconds. */
    private static final int DEPTH = 512;

    private static final long PERIOD_NS = 10_000_000;
    private static final String SOURCE_ADDRESS = "10.77.0.1";

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final String one = "shmrt1-" + OwnProcess.PID;
    private final String two = "shmrt2-" + OwnProcess.PID;
    private final List<ChildProcess> children = new ArrayList<>();

    private static boolean ip(String words) {
        return ExternalCommand.succeeds(("ip " + words).split(" "));
    }

    @BeforeEach
    void connect() {
        assumeTrue(OwnProcess.userId() == 0, "needs root for network namespaces");
        assumeTrue(ip("netns add " + one) && ip("netns add " + two), "cannot create network namespaces with ip");
        boolean isConnected = ip("-n " + one + " link add v1 type veth peer name v2 netns " + two)
                && ip("-n " + one + " addr add " + SOURCE_ADDRESS + "/24 dev v1")
                && ip("-n " + two + " addr add 10.77.0.2/24 dev v2")
                && ip("-n " + one + " link set v1 up")
                && ip("-n " + two + " link set v2 up")
                && ip("-n " + one + " link set lo up")
                && ip("-n " + two + " link set lo up");
        assumeTrue(isConnected, "cannot connect network namespaces");
    }

    private static boolean tc(String namespace, String words) {
        return ExternalCommand.succeeds(("ip netns exec " + namespace + " tc qdisc add " + words).split(" "));
    }

    @AfterEach
    void disconnect() throws Exception {
        for (ChildProcess child : children.reversed()) {
            child.kill();
            child.close();
            Files.deleteIfExists(Path.of("/dev/shm/shmrt-relay." + child.pid()));
            IoUtil.delete(new File("/dev/shm/shmrt-aeron." + child.pid() + "-1"), true);
        }
        ip("netns del " + one);
        ip("netns del " + two);
    }

    private ChildProcess shm(String namespace, String... words) {
        List<String> flags = new ArrayList<>(ChildJvm.QUICK);
        flags.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(ChildJvm.command(flags, Shm.class, words));
        ChildProcess child = ChildProcess.start(command);
        children.add(child);
        return child;
    }

    /** {@link AeronRelayTest} has the same on a link in user space, for kernels without netem. */
    @Test
    void shouldLoseNothingAt100HzIfPacketsAreLostAndDelayed() throws Exception {
        String netem = " root netem loss 2% delay 10ms limit 20000";
        assumeTrue(tc(one, "dev v1" + netem) && tc(two, "dev v2" + netem), "tc cannot lose packets here");
        copy(List.of("--aeron"), List.of("--aeron"), 1);
    }

    @Test
    void shouldSendToTwoReceiversByMulticast() throws Exception {
        copy(List.of("--multicast", "239.255.77.21:7721"), List.of("--multicast"), 2);
    }

    /** Copies every frame at 100 Hz to one or more receivers. */
    private void copy(List<String> serveOptions, List<String> getOptions, int receivers) throws Exception {
        Path source = scratch.stream("source");
        Path key = scratch.directory().resolve("key");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "0123456789abcdef0123456789abcdef");
        try (ImageStream stream = ImageStream.create(
                        source, StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(DEPTH));
                FrameWriter writer = stream.writer()) {
            writer.write(FRAMES.of(1));
            List<String> serve = new ArrayList<>(List.of("relay", "serve", source.toString()));
            serve.addAll(List.of("--bind", SOURCE_ADDRESS, "--port", "0", "--key-file", key.toString()));
            serve.addAll(serveOptions);
            String listening = shm(one, serve.toArray(String[]::new)).line();
            String port = listening.replaceAll(".*" + SOURCE_ADDRESS + ":([0-9]+).*", "$1");
            String remote = SOURCE_ADDRESS + ":" + port + ":" + scratch.prefix() + "source";
            List<Path> copies = new ArrayList<>();
            for (int i = 0; i < receivers; i++) {
                Path local = scratch.stream("local" + i);
                List<String> get = new ArrayList<>(
                        List.of("relay", "get", remote, local.toString(), "--every", "--key-file", key.toString()));
                get.addAll(getOptions);
                shm(two, get.toArray(String[]::new));
                RelayFixture.awaitTrue(
                        () -> hasFrame(local),
                        () -> "first frame; " + children.getLast().errors());
                copies.add(local);
            }

            List<FutureTask<Void>> reading = new ArrayList<>();
            CountDownLatch started = new CountDownLatch(receivers);
            for (Path local : copies) {
                FutureTask<Void> task = new FutureTask<>(() -> readAll(local, started), null);
                Thread.ofPlatform().daemon().start(task);
                reading.add(task);
            }
            assertTrue(started.await(TIMEOUT_NS, TimeUnit.NANOSECONDS));
            write(writer);
            for (FutureTask<Void> task : reading) {
                task.get(TIMEOUT_NS, TimeUnit.NANOSECONDS);
            }
        }
    }

    private static void readAll(Path local, CountDownLatch started) {
        try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
            started.countDown();
            assertEquals(TIMES, FRAMES.readUpTo(reader, TIMES + 1, TIMEOUT_NS));
            assertEquals(0, reader.lostTotal() + reader.restarts());
        }
    }

    private static boolean hasFrame(Path local) {
        try (ImageStream stream = ImageStream.open(local, Access.READ_ONLY)) {
            return stream.status().cnt0() == 1;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static void write(FrameWriter writer) {
        long dueNs = System.nanoTime();
        for (int count = 2; count <= TIMES + 1; count++) {
            writer.write(FRAMES.of(count));
            dueNs += PERIOD_NS;
            LockSupport.parkNanos(Math.max(0, dueNs - System.nanoTime()));
        }
    }
}
