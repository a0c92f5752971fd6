package org.shmrt.telemetry;

import java.util.List;

/** Reads the page of a {@link FrameMeter} from any process. Reading does not disturb the meter. Safe for any thread. */
public final class MeterTelemetry implements AutoCloseable {
    private final PageView view;

    private MeterTelemetry(String name) {
        view = new PageView(PageKind.METER, name);
    }

    /**
     * Opens the page of a meter. Needs read permission on it.
     *
     * @param name the name of the meter
     * @return its page
     * @throws org.shmrt.error.NotFoundException if there is no such meter
     * @throws org.shmrt.error.IncompatibleException if the page is of another version
     */
    public static MeterTelemetry open(String name) {
        return new MeterTelemetry(name);
    }

    /** {@return the names of all meters that have a page, also of killed programs, in alphabetical order} */
    public static List<String> names() {
        return PageView.names(PageKind.METER);
    }

    /**
     * Removes the page that a killed program has left, if it exists.
     *
     * @param name the name of the meter
     * @throws org.shmrt.error.BusyException if the program is alive
     * @throws org.shmrt.error.ShmException if this user may not remove it
     */
    public static void remove(String name) {
        PageView.remove(PageKind.METER, name, "end its program");
    }

    /**
     * What the page shows now.
     *
     * @return a copy
     * @throws org.shmrt.error.IncompatibleException if another process truncated the page or overwrote it with
     *     impossible values
     */
    public MeterSnapshot snapshot() {
        MeterSnapshot snapshot = new MeterSnapshot(view.name(), view.copy(), view.isAlive());
        if (snapshot.isDamaged()) {
            throw view.damaged();
        }
        return snapshot;
    }

    /** Unmaps the page. Snapshots remain usable. */
    @Override
    public void close() {
        view.close();
    }
}
