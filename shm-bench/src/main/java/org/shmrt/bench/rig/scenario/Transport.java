package org.shmrt.bench.rig.scenario;

/** The mechanism, and the program, that carries the messages of a scenario. */
public enum Transport {
    COUNTER(Form.PAIR),
    COUNTER_READER(Form.PAIR),
    VARHANDLE(Form.PAIR),
    /** Frames are copied in and copied out. */
    COPY(Form.PAIR),
    /** Frames are copied in and read in place. */
    IN_PLACE(Form.PAIR),
    /** Frames are created and read in place. */
    NO_COPY(Form.PAIR),
    AGRONA(Form.PAIR),
    AERON(Form.PAIR),
    CHRONICLE(Form.PAIR),
    MAPPED_BUFFER(Form.PAIR),
    SOCKET(Form.PAIR),
    PUBLISH(Form.READERS),
    CYCLE(Form.SOLO),
    MEMCPY(Form.SOLO),

    C_COUNTER(Form.PAIR),
    C_SEMAPHORE(Form.PAIR),
    /** Stores in milk's order, with a getpid for each semaphore. */
    C_COPY(Form.PAIR),
    C_IN_PLACE(Form.PAIR),
    /** Stores in ShmRT's order. */
    C_COPY_LEAN(Form.PAIR),
    /** Stores in DAO's order; the reader spins. */
    C_DAO(Form.PAIR),
    /** Stores in DAO's order; the reader sleeps for 0 ns between two polls, as DAO's own does. */
    C_DAO_SLEEP(Form.PAIR),
    /** Through DAO's library. */
    C_DAO_REAL(Form.PAIR),
    /** Through milk's library. */
    C_MILK_REAL(Form.PAIR),
    /** Through iceoryx 2, whose daemon is a third process. */
    C_ICEORYX(Form.PAIR),
    C_PUBLISH(Form.READERS),
    C_MEMCPY(Form.SOLO);

    /** The processes that take part. */
    public enum Form {
        /** Two processes that reply to each other. */
        PAIR,
        /** A writer, and a process with readers that may lose frames. */
        READERS,
        /** One process. */
        SOLO
    }

    private final Form form;

    Transport(Form form) {
        this.form = form;
    }

    public Form form() {
        return form;
    }

    public boolean isC() {
        return compareTo(C_COUNTER) >= 0;
    }
}
