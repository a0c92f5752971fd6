package org.shmrt.web;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The reports of other verbs that the page shows too, as values for JSON. Safe for any thread. */
public interface ViewReports {
    /**
     * What {@code shm info --json} prints.
     *
     * @throws org.shmrt.error.ShmException if the stream cannot be read
     */
    Map<String, Object> stream(Path file);

    /** Name, state, process and the main counters of each loop on this machine. */
    List<Map<String, Object>> loops();

    /**
     * What {@code shm loop show --json} prints, and the histograms.
     *
     * @throws org.shmrt.error.ShmException if there is no such loop
     */
    Map<String, Object> loop(String name);
}
