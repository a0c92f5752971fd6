package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockNoSpaceChild;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Isolation;

/** Blocks without pages, as Python creates them, in a shared memory that is full. */
@Timeout(600)
class BlockNoSpaceTest {
    @Test
    void shouldSayThatThereIsNoSpaceForThePagesOfASparseBlock() {
        Isolation.assumePermitted(Isolation.SMALL_SHARED_MEMORY);
        List<String> command = Isolation.command(
                Isolation.SMALL_SHARED_MEMORY, ChildJvm.command(ChildJvm.QUICK, BlockNoSpaceChild.class));
        try (ChildProcess child = ChildProcess.start(command)) {
            assertEquals(List.of("ok"), child.finish());
        }
    }
}
