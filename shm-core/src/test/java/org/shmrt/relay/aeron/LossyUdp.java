package org.shmrt.relay.aeron;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Forwards UDP packets in both directions, and drops some of them. */
final class LossyUdp implements AutoCloseable {
    private final DatagramSocket front;
    private final DatagramSocket back;
    private final double loss;
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile SocketAddress sender;
    private volatile SocketAddress receiver;

    LossyUdp(double loss) throws IOException {
        this.loss = loss;
        front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("udp-forth").start(() -> forward(front, back, 1));
        Thread.ofPlatform().daemon().name("udp-back").start(() -> forward(back, front, 2));
    }

    /** Where the sender must send to. */
    int port() {
        return front.getLocalPort();
    }

    /** Where packets are forwarded to. */
    void target(int port) {
        receiver = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    int dropped() {
        return dropped.get();
    }

    private void forward(DatagramSocket from, DatagramSocket to, long seed) {
        Random random = new Random(seed);
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        try {
            while (true) {
                packet.setLength(65_536);
                from.receive(packet);
                if (from.equals(front)) {
                    sender = packet.getSocketAddress();
                }
                SocketAddress target = from.equals(front) ? receiver : sender;
                if (random.nextDouble() < loss) {
                    dropped.incrementAndGet();
                } else if (target != null) {
                    packet.setSocketAddress(target);
                    to.send(packet);
                }
            }
        } catch (IOException e) {
            // the end of the test
        }
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
