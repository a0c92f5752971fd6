package org.shmrt.relay.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Forwards TCP connections to a port of this machine, and cuts or alters them as a test wants. */
final class TcpProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;
    private volatile UnaryOperator<byte[]> alteration = UnaryOperator.identity();

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().name("tcp-proxy").start(work);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = listener.accept();
                if (refusing) {
                    from.close();
                    continue;
                }
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(from);
                sockets.add(to);
                start(() -> forward(from, to, UnaryOperator.identity()));
                start(() -> forward(to, from, bytes -> alteration.apply(bytes)));
            }
        } catch (IOException e) {
            // the end of the test
        }
    }

    private void forward(Socket from, Socket to, UnaryOperator<byte[]> change) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                out.write(change.apply(Arrays.copyOf(buffer, bytes)));
            }
        } catch (IOException e) {
            // cut
        }
    }

    /** Changes what the target sends from now on. */
    void alter(UnaryOperator<byte[]> change) {
        alteration = change;
    }

    /** Ends all connections, and refuses new ones until {@link #restore}. */
    void cut() {
        refusing = true;
        sockets.forEach(TcpProxy::close);
        sockets.clear();
    }

    void restore() {
        refusing = false;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
