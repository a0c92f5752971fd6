package org.shmrt.relay.aeron;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Forwards UDP packets in both directions in their order, after a time, and drops some of them. */
final class LossyUdp implements AutoCloseable {
    private static final int MAX_PACKET_BYTES = 65_536;
    private static final int BUFFER_BYTES = 1 << 22;

    private final DatagramSocket front;
    private final DatagramSocket back;
    private final double loss;
    private final long delayNs;
    private final AtomicInteger dropped = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile SocketAddress sender;
    private volatile SocketAddress receiver;

    private record Delayed(DatagramPacket packet, long dueNs) {}

    /**
     * Starts to forward.
     *
     * @param loss probability that a packet is dropped
     * @param delayNs how long each packet is on the way
     */
    LossyUdp(double loss, long delayNs) throws IOException {
        this.loss = loss;
        this.delayNs = delayNs;
        front = socket();
        back = socket();
        start("forth", front, back, 1);
        start("back", back, front, 2);
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(BUFFER_BYTES);
        socket.setSendBufferSize(BUFFER_BYTES);
        return socket;
    }

    private void start(String name, DatagramSocket from, DatagramSocket to, long seed) {
        BlockingQueue<Delayed> onTheWay = new LinkedBlockingQueue<>();
        threads.add(Thread.ofPlatform().daemon().name("udp-" + name).start(() -> receive(from, onTheWay, seed)));
        threads.add(Thread.ofPlatform().daemon().name("udp-" + name + "-send").start(() -> send(to, onTheWay)));
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

    private void receive(DatagramSocket from, BlockingQueue<Delayed> onTheWay, long seed) {
        Random random = new Random(seed);
        DatagramPacket packet = new DatagramPacket(new byte[MAX_PACKET_BYTES], MAX_PACKET_BYTES);
        try {
            while (true) {
                packet.setLength(MAX_PACKET_BYTES);
                from.receive(packet);
                if (from.equals(front)) {
                    sender = packet.getSocketAddress();
                }
                SocketAddress target = from.equals(front) ? receiver : sender;
                if (random.nextDouble() < loss) {
                    dropped.incrementAndGet();
                } else if (target != null) {
                    byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                    onTheWay.add(
                            new Delayed(new DatagramPacket(bytes, bytes.length, target), System.nanoTime() + delayNs));
                }
            }
        } catch (IOException e) {
            // the end of the test
        }
    }

    private void send(DatagramSocket to, BlockingQueue<Delayed> onTheWay) {
        try {
            while (true) {
                Delayed next = onTheWay.take();
                TimeUnit.NANOSECONDS.sleep(next.dueNs - System.nanoTime());
                to.send(next.packet);
            }
        } catch (IOException | InterruptedException e) {
            // the end of the test
        }
    }

    @Override
    public void close() {
        front.close();
        back.close();
        threads.forEach(Thread::interrupt);
    }
}
