package org.shmrt.camera.packet;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.shmrt.camera.FrameFormat;

/**
 * The buffer of a socket in the kernel: as large as the frames need, or as the kernel permits. Knows how many packets the
 * kernel has dropped because it was full. For any thread.
 */
final class SocketBuffer {
    private static final long MIN_BYTES = 4L << 20;
    private static final long MAX_BYTES = 512L << 20;
    /** How long this process may be kept from running. */
    private static final double COVERED_SECONDS = 0.05;
    /** The kernel counts its own structures too: about as much again. */
    private static final int OVERHEAD = 2;

    private static final int DROPS_COLUMN = 12;

    private final int port;
    private final long wantedBytes;
    private final long grantedBytes;
    private final double bytesPerSecond;
    private volatile long finalDrops = -1;

    /** Sets the size of the buffer of a bound socket. */
    SocketBuffer(DatagramChannel channel, int port, FrameFormat frames) throws IOException {
        this.port = port;
        this.bytesPerSecond = frames.frameBytes() * frames.rateHz().orElse(0);
        this.wantedBytes = OVERHEAD
                * (long) Math.clamp(
                        Math.max(2.0 * frames.frameBytes(), bytesPerSecond * COVERED_SECONDS), MIN_BYTES, MAX_BYTES);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, (int) wantedBytes);
        this.grantedBytes = channel.getOption(StandardSocketOptions.SO_RCVBUF);
    }

    String name() {
        return "udp:" + port;
    }

    /** Packets that the kernel has dropped. */
    long drops() {
        return finalDrops >= 0 ? finalDrops : readDrops();
    }

    /** Keeps the number of drops, which the kernel forgets with the socket. */
    void close() {
        if (finalDrops < 0) {
            finalDrops = readDrops();
        }
    }

    private long readDrops() {
        String local = String.format(Locale.ROOT, ":%04X", port);
        long drops = 0;
        for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] words = line.strip().split(" +");
                    if (words.length > DROPS_COLUMN && words[1].endsWith(local)) {
                        drops += Long.parseLong(words[DROPS_COLUMN]);
                    }
                }
            } catch (IOException | NumberFormatException e) {
                // a kernel without this protocol
            }
        }
        return drops;
    }

    /** What the user should know about the buffer; empty if it is large enough and nothing was dropped. */
    String remark() {
        StringBuilder text = new StringBuilder();
        long drops = drops();
        if (drops > 0) {
            text.append(drops).append(" packets were dropped because the buffer of the socket was full");
        }
        if (grantedBytes < wantedBytes) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append("the buffer of the socket has ")
                    .append(grantedBytes)
                    .append(" bytes");
            if (bytesPerSecond > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        ", which %.1f MB/s fill in %.1f ms",
                        bytesPerSecond / 1e6,
                        grantedBytes / bytesPerSecond / OVERHEAD * 1e3));
            }
            text.append(": permit more with sysctl -w net.core.rmem_max=").append(wantedBytes);
        }
        return text.toString();
    }
}
