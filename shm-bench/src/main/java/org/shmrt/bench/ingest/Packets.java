package org.shmrt.bench.ingest;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.shmrt.bench.report.Row;
import org.shmrt.process.ChildProcess;

/**
 * UDP packets of 9000 bytes that a program sends as fast as it can, assembled to frames of 2 MB: {@code shm grab udp:}, and a
 * program that only copies them to their places. What a receiver was too slow for, its socket has dropped; the sender reads
 * the number.
 */
final class Packets {
    private static final double TARGET = 0.8;
    private static final long FRAME_BYTES = 1024L * 1024 * 2;
    private static final int HEADER_BYTES = 16;
    private static final int PAYLOAD_BYTES = 9000 - HEADER_BYTES;
    /** As shm grab asks for. */
    private static final long BUFFER_BYTES = 4 * FRAME_BYTES;
    /** So that the JIT compiler has done its work. */
    private static final int WARM_UP_SECONDS = 4;

    private static final long LOOK_MS = 20;

    private final Workplace workplace;

    Packets(Workplace workplace) {
        this.workplace = workplace;
    }

    private record Received(long bytesPerSecond, double share) {}

    List<Row> run() throws IOException {
        List<Long> ours = new ArrayList<>();
        List<Long> inC = new ArrayList<>();
        for (int pair = 0; pair < workplace.pairs(); pair++) {
            workplace.progress("packets", pair);
            Received java = ofGrab();
            Received other = ofC();
            ours.add(java.bytesPerSecond());
            inC.add(other.bytesPerSecond());
            workplace.note(String.format(
                    "packets: of those that were sent, shm grab took %.2f and the program in C %.2f",
                    java.share(), other.share()));
        }
        return List.of(Row.ratio(
                "udp",
                "packets of 9000 bytes, against recvmmsg in C",
                ours,
                inC,
                Row.Unit.BYTES_PER_SECOND,
                OptionalDouble.of(TARGET),
                Row.Bound.AT_LEAST));
    }

    private Received ofGrab() throws IOException {
        Path stream = workplace.file("udp.im.shm");
        int port = freePort();
        List<String> command = workplace.grab(
                "udp:127.0.0.1:" + port,
                stream,
                "--shape",
                "1024x1024",
                "--dtype",
                "u16",
                "--set",
                "header=" + HEADER_BYTES,
                "--set",
                "frame=0:4",
                "--set",
                "packet=4:4",
                "--set",
                "payload=" + PAYLOAD_BYTES);
        try (ChildProcess grab = workplace.start("shm grab", command)) {
            while (!Files.exists(stream) && !grab.hasEnded()) {
                sleep();
            }
            return send(port);
        } finally {
            workplace.remove(stream);
        }
    }

    private Received ofC() throws IOException {
        int port = freePort();
        try (ChildProcess receiver = workplace.start(
                "receiver in C",
                List.of(
                        workplace.program("packet_receiver"),
                        Integer.toString(port),
                        Long.toString(FRAME_BYTES),
                        Long.toString(BUFFER_BYTES)))) {
            receiver.expect("ready");
            return send(port);
        }
    }

    private Received send(int port) {
        try (ChildProcess sender = workplace.start(
                "sender",
                List.of(
                        workplace.program("packet_sender"),
                        Integer.toString(port),
                        Long.toString(FRAME_BYTES),
                        Integer.toString(WARM_UP_SECONDS),
                        Double.toString(workplace.seconds())))) {
            String[] words = sender.line().split(" ");
            double sent = Double.parseDouble(words[0]);
            double taken = Double.parseDouble(words[1]);
            sender.finish();
            return new Received((long) (taken * 1e9 / Double.parseDouble(words[2])), taken / sent);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(Duration.ofMillis(LOOK_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
