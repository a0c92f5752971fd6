package org.shmrt.stream.format.dao;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.posix.Semaphore;

/** The values of the named semaphores of a DAO stream. */
final class DaoSemaphoreValues {
    private DaoSemaphoreValues() {}

    /** The values of the ten data semaphores and of the log semaphore. */
    static List<Integer> of(Path path) {
        List<Integer> values = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (String name :
                    DaoNames.semaphores(path, DaoDescriptor.Variant.FIFO, 10).names()) {
                values.add(Semaphore.open(name, arena).value());
            }
            values.add(Semaphore.open(DaoNames.local(path) + "_semlog", arena).value());
        }
        return values;
    }
}
