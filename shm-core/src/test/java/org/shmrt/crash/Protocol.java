package org.shmrt.crash;

/** Something a process does to streams, that can be broken off by its death, and what must hold after that. */
interface Protocol {
    /** One word. */
    String name();

    /** Makes what is there before, in the process of the test. */
    void prepare(Place place);

    /** Opens what the operation needs, in the process that will be killed. */
    Victim.Deed enter(Place place);

    /** Begins to watch, in the process of the test, before the operation begins. */
    Judge judge(Place place, int ordinal);

    /** Those who live on. */
    interface Judge extends AutoCloseable {
        /**
         * Looks at what the death has left, goes on with it, and leaves the place empty.
         *
         * @param killedNs when that was
         * @throws AssertionError if something is not as it should be
         */
        void judge(long killedNs);

        @Override
        void close();
    }
}
