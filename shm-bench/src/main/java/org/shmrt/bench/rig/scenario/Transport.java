package org.shmrt.bench.rig.scenario;

/** The program at both ends of an exchange. */
public enum Transport {
    COUNTER(Form.PAIR),
    COUNTER_READER(Form.PAIR),
    VARHANDLE(Form.PAIR),
    /** Frames copied in; copied out, or read where they lie; or made where they lie, too. */
    COPY(Form.PAIR),
    IN_PLACE(Form.PAIR),
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
    /** In milk's order of stores, with a getpid for each semaphore. */
    C_COPY(Form.PAIR),
    C_IN_PLACE(Form.PAIR),
    /** In ShmRT's order of stores. */
    C_COPY_LEAN(Form.PAIR),
    /** In DAO's order of stores; the reader spins, or sleeps for no time between two looks as DAO's own does. */
    C_DAO(Form.PAIR),
    C_DAO_SLEEP(Form.PAIR),
    /** Through the libraries themselves. */
    C_DAO_REAL(Form.PAIR),
    C_MILK_REAL(Form.PAIR),
    C_PUBLISH(Form.READERS),
    C_MEMCPY(Form.SOLO);

    /** Who takes part. */
    public enum Form {
        /** Two processes that answer each other. */
        PAIR,
        /** A writer, and a process of readers that take what they can. */
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
