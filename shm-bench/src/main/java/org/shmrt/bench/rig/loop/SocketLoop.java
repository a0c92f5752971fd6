package org.shmrt.bench.rig.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Messages through a Unix domain socket, blocking: what two programs use that share no memory. */
public final class SocketLoop extends MessageLoop {
    private static final long LOOK_NS = 1_000_000L;

    private final Arena arena = Arena.ofShared();
    private final SocketChannel channel;
    private final MemorySegment mine;
    private final MemorySegment theirs;
    private final ByteBuffer mineBuffer;
    private final ByteBuffer theirsBuffer;

    /** The echoing end makes the socket and waits for the other. */
    public SocketLoop(Path path, boolean initiator, int bytes) {
        try {
            channel = initiator ? connect(path) : accept(path);
        } catch (IOException e) {
            throw new UncheckedIOException("no Unix socket at " + path + ": " + e.getMessage(), e);
        }
        mine = Payload.create(arena, bytes);
        theirs = Payload.create(arena, bytes);
        mineBuffer = mine.asByteBuffer();
        theirsBuffer = theirs.asByteBuffer();
    }

    private static SocketChannel accept(Path path) throws IOException {
        // Bound under another name first: under its own it takes connections from the first moment.
        Path made = path.resolveSibling(path.getFileName() + "_");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(made));
            Files.move(made, path);
            return server.accept();
        }
    }

    private static SocketChannel connect(Path path) throws IOException {
        long startNs = System.nanoTime();
        while (!Files.exists(path) && System.nanoTime() - startNs < TIMEOUT_NS) {
            LockSupport.parkNanos(LOOK_NS);
        }
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    @Override
    void forget() {
        // A socket loses nothing, so nothing is left over but after a failure.
    }

    @Override
    void send(long number) {
        Payload.stamp(mine, number);
        mineBuffer.clear();
        try {
            while (mineBuffer.hasRemaining()) {
                channel.write(mineBuffer);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot send: " + e.getMessage(), e);
        }
    }

    @Override
    boolean receive(long number) {
        theirsBuffer.clear();
        try {
            while (theirsBuffer.hasRemaining()) {
                if (channel.read(theirsBuffer) < 0) {
                    throw new IllegalStateException("no message came: the other end is closed");
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("no message came: " + e.getMessage(), e);
        }
        return Payload.isStamped(theirs, number);
    }

    @Override
    boolean isWhole(long last) {
        return Payload.isWhole(theirs, last);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        arena.close();
    }
}
