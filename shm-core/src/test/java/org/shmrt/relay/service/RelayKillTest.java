package org.shmrt.relay.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.Shm;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** A relay on either side is killed and started again. */
@Tag("slow")
@Timeout(120)
class RelayKillTest {
    private static final Shape SHAPE = Shape.of(4, 6);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final long TIMEOUT_NS = 20_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final List<Long> killed = new ArrayList<>();

    private static ChildProcess shm(String... words) {
        return ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Shm.class, words));
    }

    private ChildProcess serve(Path source, String port) {
        return shm("relay", "serve", source.toString(), "--port", port);
    }

    private static String port(ChildProcess server) {
        String line = server.line();
        return line.replaceAll(".*127\\.0\\.0\\.1:([0-9]+) .*", "$1");
    }

    private void kill(ChildProcess child) {
        killed.add(child.pid());
        child.kill();
    }

    /** The pages of killed relays remain until the next relay with the same process id. */
    @AfterEach
    void removePages() throws Exception {
        for (long pid : killed) {
            Files.deleteIfExists(Path.of("/dev/shm/shmrt-relay." + pid));
        }
    }

    private static void write(FrameWriter writer, int times) {
        for (int i = 0; i < times; i++) {
            writer.write(FRAMES.of(writer.stream().status().cnt0() + 1));
        }
    }

    private static void awaitCount(Path local, long count) {
        RelayFixture.awaitTrue(
                () -> {
                    try (ImageStream stream = ImageStream.open(local, Access.READ_ONLY)) {
                        return stream.status().cnt0() == count;
                    } catch (NotFoundException e) {
                        return false;
                    }
                },
                () -> "frame " + count);
    }

    @Test
    void shouldGoOnAndCountTheGaps() {
        Path source = scratch.stream("source");
        Path local = scratch.stream("local");
        String name = scratch.prefix() + "source";
        try (ImageStream stream = ImageStream.create(
                        source, StreamSpec.dao(DataType.UINT16, SHAPE).withDepth(4));
                FrameWriter writer = stream.writer()) {
            write(writer, 1);
            ChildProcess server = serve(source, "0");
            String port = port(server);
            ChildProcess client = shm("relay", "get", "127.0.0.1:" + port + ":" + name, local.toString());
            try {
                awaitCount(local, 1);
                try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                        FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
                    kill(server);
                    write(writer, 10);
                    server.close();
                    server = serve(source, port);
                    port(server);
                    awaitCount(local, 11);
                    assertEquals(10, FRAMES.readUpTo(reader, 11, TIMEOUT_NS));
                    assertEquals(9, reader.lostTotal());

                    kill(client);
                    write(writer, 5);
                    client.close();
                    client = shm("relay", "get", "127.0.0.1:" + port + ":" + name, local.toString());
                    awaitCount(local, 16);
                    FRAMES.readUpTo(reader, 16, TIMEOUT_NS);
                    assertEquals(13, reader.lostTotal());
                    assertTrue(reader.validate());
                }
            } finally {
                kill(client);
                kill(server);
                client.close();
                server.close();
            }
        }
    }
}
