package org.shmrt.bench.rig.scenario;

import java.util.Locale;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;

/** Whose files the streams are. */
public enum Layout {
    /** DAO's: named semaphores, one time stamp. */
    DAO,
    /** milk's: semaphores in the file, two time stamps. */
    MILK;

    public StreamSpec spec(DataType type, Shape shape) {
        return this == DAO ? StreamSpec.dao(type, shape) : StreamSpec.milk(type, shape);
    }

    /** How users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
