package org.shmrt.web.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FramePoolTest {
    private static final long MIB = 1L << 20;

    @Test
    void shouldUseMemoryAgain() {
        try (FramePool pool = new FramePool(16 * MIB)) {
            FramePool.Block block = pool.take(MIB).orElseThrow();
            pool.giveBack(block);

            assertSame(block, pool.take(MIB).orElseThrow());
            assertEquals(MIB, pool.allocatedBytes());
            pool.giveBack(block);
        }
    }

    @Test
    void shouldNeverHoldMoreThanItsLimit() {
        try (FramePool pool = new FramePool(4 * MIB)) {
            FramePool.Block[] blocks = new FramePool.Block[4];
            for (int i = 0; i < 4; i++) {
                blocks[i] = pool.take(MIB).orElseThrow();
            }

            assertTrue(pool.take(1).isEmpty());
            pool.giveBack(blocks[0]);
            pool.giveBack(blocks[1]);
            // Unused memory of another size makes room.
            FramePool.Block larger = pool.take(2 * MIB).orElseThrow();
            assertEquals(4 * MIB, pool.allocatedBytes());
            pool.giveBack(larger);
            pool.giveBack(blocks[2]);
            pool.giveBack(blocks[3]);
        }
    }

    @Test
    void shouldFreeWhatNobodyNeeds() {
        try (FramePool pool = new FramePool(4 * MIB)) {
            long beforeNs = System.nanoTime();
            pool.giveBack(pool.take(MIB).orElseThrow());

            pool.trim(beforeNs + 4_000_000_000L);
            long soon = pool.allocatedBytes();
            pool.trim(System.nanoTime() + 10_000_000_000L);

            assertEquals(MIB, soon);
            assertEquals(0, pool.allocatedBytes());
        }
    }

    @Test
    void shouldFreeABlockThatComesBackAfterItsEnd() {
        FramePool pool = new FramePool(4 * MIB);
        FramePool.Block late = pool.take(MIB).orElseThrow();
        pool.close();

        pool.giveBack(late);

        assertEquals(0, pool.allocatedBytes());
        assertTrue(pool.take(1).isEmpty());
    }
}
