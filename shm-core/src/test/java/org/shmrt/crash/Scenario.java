package org.shmrt.crash;

/** An operation on streams that a crash may interrupt, and what must hold afterwards. */
interface Scenario {
    /** Name of the scenario, one word. */
    String name();

    /** Creates the initial state, in the test process. */
    void prepare(Workspace workspace);

    /** Opens what the operation needs, in the process to be killed. */
    TargetProcess.Operation open(Workspace workspace);

    /** Starts observing, in the test process, before the operation begins. */
    Verifier verifier(Workspace workspace, int ordinal);

    /** The surviving readers and writers. */
    interface Verifier extends AutoCloseable {
        /**
         * Verifies the state after the crash, continues with it, and leaves the workspace empty.
         *
         * @param killedNs time of the kill, as {@link System#nanoTime()}
         * @throws AssertionError if the state is wrong
         */
        void verify(long killedNs);

        @Override
        void close();
    }
}
