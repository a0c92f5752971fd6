package org.shmrt.cli.record;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Quantity;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.record.service.RecorderControl;
import org.shmrt.record.service.ServiceState;
import org.shmrt.record.service.ServiceStatus;

/** {@code shm record start}, {@code stop} and {@code status}. */
final class ServiceWords {
    private static final List<String> VERBS = List.of("start", "stop", "status");
    private static final long POLL_MS = 50;
    private static final long MAX_WAIT_NS = 60_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private final String action;
    private final String name;

    ServiceWords(Verb verb, List<String> words) {
        this.action = words.getFirst();
        if (words.size() != 2) {
            throw verb.wrongUsage(action + " needs the name of one service: shm record " + action + " NAME");
        }
        this.name = words.get(1);
    }

    static boolean isVerb(String word) {
        return VERBS.contains(word);
    }

    /** Sends the command and waits until it is obeyed; returns what to print. */
    String call(Output output) {
        try (RecorderControl control = RecorderControl.open(name)) {
            switch (action) {
                case "start" -> {
                    control.start();
                    await(control, ServiceState.RECORDING);
                }
                case "stop" -> {
                    control.stop();
                    await(control, ServiceState.STANDBY);
                }
                default -> {
                    // only shows it
                }
            }
            ServiceStatus status = control.status();
            return output == Output.JSON ? Json.text(json(status)) : text(status);
        }
    }

    /** How to print. */
    enum Output {
        TEXT,
        JSON
    }

    private void await(RecorderControl control, ServiceState wanted) {
        long startNs = System.nanoTime();
        while (control.status().state() != wanted) {
            if (System.nanoTime() - startNs > MAX_WAIT_NS || !control.status().alive()) {
                throw new TimedOutException("the recording service " + name + " has not obeyed: it is "
                        + control.status().state().name().toLowerCase(Locale.ROOT) + "; see its messages");
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TimedOutException("interrupted while waiting for the recording service " + name);
            }
        }
    }

    private static String text(ServiceStatus status) {
        return status.name() + ": " + state(status) + " to " + status.directory()
                + (status.startedNs() == 0
                        ? ""
                        : ", begun " + Instant.ofEpochSecond(status.startedNs() / NS_PER_S) + ", "
                                + Quantity.of(status.recorded(), "frame") + ", " + status.lost() + " lost")
                + (status.finding().isEmpty() ? "" : "; " + status.finding());
    }

    private static String state(ServiceStatus status) {
        return status.alive() ? status.state().name().toLowerCase(Locale.ROOT) : "killed";
    }

    private static Map<String, Object> json(ServiceStatus status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", status.name());
        json.put("state", state(status));
        json.put("pid", status.pid());
        json.put("directory", status.directory());
        json.put("started_ns", status.startedNs());
        json.put("frames", status.recorded());
        json.put("buffered", status.buffered());
        json.put("lost", status.lost());
        json.put("bytes", status.bytes());
        json.put("findings", status.findings());
        json.put("finding", status.finding());
        return json;
    }
}
