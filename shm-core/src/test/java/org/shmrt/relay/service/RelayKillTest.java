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
import org.shmrt.testing.FreePort;
import org.shmrt.testing.RampFrames;
import org.shmrt.testing.Scratch;

/** A relay on either side is killed and started again. */
@Tag("slow")
@Timeout(600)
class RelayKillTest {
    private static final Shape SHAPE = Shape.of(4, 6);
    private static final RampFrames FRAMES = new RampFrames(SHAPE.elementCount());
    private static final long TIMEOUT_NS = 60_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final List<ChildProcess> children = new ArrayList<>();

    private ChildProcess shm(String... words) {
        ChildProcess child = ChildProcess.start(ChildJvm.command(ChildJvm.QUICK, Shm.class, words));
        children.add(child);
        return child;
    }

    private ChildProcess serve(Path source, String port) {
        return shm("relay", "serve", source.toString(), "--port", port);
    }

    private static void awaitListening(ChildProcess server, String port) {
        String line = server.line();
        assertTrue(line.contains("127.0.0.1:" + port + " "), line);
    }

    /** The pages of killed relays remain until the next relay with the same process id. */
    @AfterEach
    void killAll() throws Exception {
        for (ChildProcess child : children) {
            child.close();
            Files.deleteIfExists(Path.of("/dev/shm/shmrt-relay." + child.pid()));
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
            String port = Integer.toString(FreePort.tcp());
            ChildProcess server = serve(source, port);
            awaitListening(server, port);
            ChildProcess client = shm("relay", "get", "127.0.0.1:" + port + ":" + name, local.toString());
            awaitCount(local, 1);
            try (ImageStream replica = ImageStream.open(local, Access.READ_ONLY);
                    FrameReader reader = replica.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
                server.kill();
                write(writer, 10);
                awaitListening(serve(source, port), port);
                awaitCount(local, 11);
                assertEquals(10, FRAMES.readUpTo(reader, 11, TIMEOUT_NS));
                assertEquals(9, reader.lostTotal());

                client.kill();
                write(writer, 5);
                shm("relay", "get", "127.0.0.1:" + port + ":" + name, local.toString());
                awaitCount(local, 16);
                FRAMES.readUpTo(reader, 16, TIMEOUT_NS);
                assertEquals(13, reader.lostTotal());
                assertTrue(reader.validate());
            }
        }
    }
}
