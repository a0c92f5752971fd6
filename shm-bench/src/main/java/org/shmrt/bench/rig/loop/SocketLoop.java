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
import org.shmrt.bench.rig.scenario.Role;

/** Messages through a blocking Unix domain socket, as used by programs that share no memory. */
final class SocketLoop extends MessageLoop {
    private static final long POLL_NS = 1_000_000L;

    private final Arena arena = Arena.ofShared();
    private final SocketChannel channel;
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private final ByteBuffer outgoingBuffer;
    private final ByteBuffer incomingBuffer;

    /** The echo creates the socket and waits for the initiator. */
    SocketLoop(Path path, Role role, int bytes) {
        try {
            channel = role == Role.INITIATOR ? connect(path) : accept(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the Unix socket " + path + ": " + e.getMessage(), e);
        }
        outgoing = Payload.create(arena, bytes);
        incoming = Payload.create(arena, bytes);
        outgoingBuffer = outgoing.asByteBuffer();
        incomingBuffer = incoming.asByteBuffer();
    }

    private static SocketChannel accept(Path path) throws IOException {
        // Bind to a temporary name first: the socket must accept connections as soon as its name exists.
        Path temporary = path.resolveSibling(path.getFileName() + "_");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(temporary));
            Files.move(temporary, path);
            return server.accept();
        }
    }

    private static SocketChannel connect(Path path) throws IOException {
        long startNs = System.nanoTime();
        while (!Files.exists(path) && System.nanoTime() - startNs < TIMEOUT_NS) {
            LockSupport.parkNanos(POLL_NS);
        }
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    @Override
    void discardPending() {
        // A socket loses nothing, so nothing is pending except after a failure.
    }

    @Override
    void send(long number) {
        Payload.stamp(outgoing, number);
        outgoingBuffer.clear();
        try {
            while (outgoingBuffer.hasRemaining()) {
                channel.write(outgoingBuffer);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot send to the socket: " + e.getMessage(), e);
        }
    }

    @Override
    boolean receive(long number) {
        incomingBuffer.clear();
        try {
            while (incomingBuffer.hasRemaining()) {
                if (channel.read(incomingBuffer) < 0) {
                    throw new IllegalStateException("no message arrived: the other process has closed the socket");
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("no message arrived: " + e.getMessage(), e);
        }
        return Payload.isStamped(incoming, number);
    }

    @Override
    boolean isIntact(long last) {
        return Payload.isIntact(incoming, last);
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
