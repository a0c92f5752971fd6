package org.shmrt.bench.relay;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;

/**
 * The least that a program has to do to copy frames over TCP: a loop that sends each frame from the shared memory, and one
 * that receives it into the next slot. It knows no shapes, no losses of the link and no second attempt.
 */
public final class CopyLoop {
    private static final long TIMEOUT_NS = 1_000_000_000L;

    private CopyLoop() {}

    /**
     * Runs one side until it is killed.
     *
     * @param args {@code send STREAM}, which prints its port, or {@code receive PORT STREAM}
     * @throws IOException if the connection fails
     */
    public static void main(String[] args) throws IOException {
        if (args[0].equals("send")) {
            send(Path.of(args[1]));
        } else {
            receive(Integer.parseInt(args[1]), Path.of(args[2]));
        }
    }

    private static ByteBuffer header() {
        return ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void send(Path path) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                ImageStream stream = ImageStream.open(path)) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println("port " + listener.socket().getLocalPort());
            System.out.flush();
            IdentityHashMap<MemorySegment, ByteBuffer> buffers = new IdentityHashMap<>();
            try (SocketChannel channel = listener.accept();
                    FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                ByteBuffer[] parts = {header(), null};
                while (true) {
                    if (!reader.awaitNext(TIMEOUT_NS).hasFrame()) {
                        continue;
                    }
                    parts[0].putLong(0, reader.acquiredNs()).clear();
                    parts[1] = buffers.computeIfAbsent(reader.frame(), MemorySegment::asByteBuffer)
                            .clear();
                    while (parts[1].hasRemaining()) {
                        channel.write(parts);
                    }
                }
            }
        }
    }

    private static void receive(int port, Path path) throws IOException {
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            IdentityHashMap<MemorySegment, ByteBuffer> buffers = new IdentityHashMap<>();
            ByteBuffer[] parts = {header(), null};
            while (true) {
                parts[0].clear();
                parts[1] = buffers.computeIfAbsent(writer.claim(), MemorySegment::asByteBuffer)
                        .clear();
                while (parts[1].hasRemaining()) {
                    if (channel.read(parts) < 0) {
                        return;
                    }
                }
                writer.publish(parts[0].getLong(0));
            }
        }
    }
}
