package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.DROPPED_PACKETS;
import static org.shmrt.doctor.FindingKind.SOCKET_BUFFERS;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The buffers of UDP sockets, in which the packets of cameras wait: how large they may be, and which have overflowed. */
final class NetworkChecks {
    private static final String LIMIT_FILE = "/proc/sys/net/core/rmem_max";
    /** What {@code shm grab udp:} asks for at least; the kernel counts its own structures too. */
    private static final long NEEDED_BYTES = 8L << 20;

    private static final int LOCAL_COLUMN = 1;
    private static final int DROPS_COLUMN = 12;
    private static final int HEXADECIMAL = 16;
    private static final int MAX_NAMED = 5;

    private NetworkChecks() {}

    static void run(Machine machine, Findings findings) {
        limit(machine.files(), findings);
        drops(machine.files(), findings);
    }

    private static void limit(SystemFiles files, Findings findings) {
        OptionalLong bytes = files.number(LIMIT_FILE);
        if (bytes.isEmpty()) {
            findings.unknown(SOCKET_BUFFERS, "kernel", LIMIT_FILE + " cannot be read");
        } else if (bytes.getAsLong() >= NEEDED_BYTES) {
            findings.ok(SOCKET_BUFFERS, "kernel", LIMIT_FILE + ": " + bytes.getAsLong());
        } else {
            findings.add(
                    SOCKET_BUFFERS,
                    Severity.INFO,
                    "kernel",
                    "the buffer of a socket can have " + (bytes.getAsLong() >> 10) + " KiB",
                    LIMIT_FILE + ": " + bytes.getAsLong(),
                    "at 1 GB/s, as of a 10-gigabit camera, it is full when its reader does not run for "
                            + bytes.getAsLong() / 1_000_000 + "." + bytes.getAsLong() / 100_000 % 10
                            + " ms, and packets are lost",
                    "sysctl -w net.core.rmem_max=" + (64L << 20));
        }
    }

    private static void drops(SystemFiles files, Findings findings) {
        List<String> found = new ArrayList<>();
        for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            for (String line : files.lines(table)) {
                String[] words = line.strip().split("\\s+");
                if (words.length > DROPS_COLUMN
                        && SystemFiles.parse(words[DROPS_COLUMN]).orElse(0) > 0) {
                    found.add("port " + port(words[LOCAL_COLUMN]) + ": " + words[DROPS_COLUMN]);
                }
            }
        }
        if (found.isEmpty()) {
            findings.ok(DROPPED_PACKETS, "kernel", "/proc/net/udp: no socket has dropped packets");
            return;
        }
        findings.add(
                DROPPED_PACKETS,
                Severity.WARNING,
                "kernel",
                found.size() + " UDP socket" + (found.size() == 1 ? " has" : "s have")
                        + " dropped packets because the buffer was full",
                "/proc/net/udp: " + String.join(", ", found.subList(0, Math.min(MAX_NAMED, found.size())))
                        + (found.size() > MAX_NAMED ? ", ..." : ""),
                "the frames that these packets belong to are damaged or lost",
                "sysctl -w net.core.rmem_max=" + (64L << 20) + "    # and give the receiver a processor of its own");
    }

    private static String port(String local) {
        try {
            return Integer.toString(Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), HEXADECIMAL));
        } catch (NumberFormatException e) {
            return local;
        }
    }
}
