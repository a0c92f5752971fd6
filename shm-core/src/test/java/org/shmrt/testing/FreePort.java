package org.shmrt.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that a test starts again, or whose port it must know before. The kernel gives none of them to a
 * program that asks for any port, so they stay free until the test uses them.
 */
public final class FreePort {
    private static final Path RANGE_OF_KERNEL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int MIN = 10_000;
    private static final int MAX_TRIES = 1000;

    private interface Opening {
        Closeable at(InetSocketAddress address) throws IOException;
    }

    private FreePort() {}

    /** A port of this machine on which nobody listens. */
    public static int tcp() {
        return find(address -> {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(address);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    /** A port of this machine that no socket for packets has. */
    public static int udp() {
        return find(DatagramSocket::new);
    }

    private static int find(Opening opening) {
        int end = firstPortOfKernel();
        for (int i = 0; i < MAX_TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(MIN, end);
            try {
                opening.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .close();
                return port;
            } catch (IOException e) {
                // in use: the next one
            }
        }
        throw new AssertionError("no free port from " + MIN + " to " + end);
    }

    private static int firstPortOfKernel() {
        try {
            // By a large buffer: the kernel gives a number of /proc/sys in one piece, and ends after the first read.
            String range = Files.readAllLines(RANGE_OF_KERNEL).getFirst().strip();
            return Math.max(MIN + MAX_TRIES, Integer.parseInt(range.split("\\s+")[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
