package org.shmrt.stream.format.milk;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.BeforeAll;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.PythonPeer;

/** The exchange with an implementation of milk in Python, without milk's library. */
@Tag("slow")
class MilkPeerTest extends MilkPeerContract {
    private static final String PEER = "milk_peer.py";

    @BeforeAll
    static void findPython() {
        PythonPeer.assumePresent();
    }

    @Override
    ChildProcess start(String build, Object... words) {
        return PythonPeer.start(PEER, words);
    }
}
