package org.shmrt.bench.rig.scenario;

import java.util.Locale;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;

/** The file format of the streams. */
public enum Layout {
    /** DAO's format: named semaphores, one time stamp. */
    DAO,
    /** milk's format: semaphores in the file, two time stamps. */
    MILK;

    public StreamSpec spec(DataType type, Shape shape) {
        return this == DAO ? StreamSpec.dao(type, shape) : StreamSpec.milk(type, shape);
    }

    /** Its name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
