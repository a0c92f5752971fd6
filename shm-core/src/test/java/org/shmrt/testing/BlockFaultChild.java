package org.shmrt.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.shmrt.block.ShareableList;
import org.shmrt.block.SharedMemory;
import org.shmrt.error.IncompatibleException;

/**
 * Repeatedly uses blocks and lists while they are truncated, and prints {@code ok} if each access fault resulted in an
 * exception with a reason. Runs in its own process, because an unhandled access fault crashes the JVM.
 */
public final class BlockFaultChild {
    private static final int ITEMS = 20_000;

    private final String name;
    private final Random random = new Random(4);

    private BlockFaultChild(String name) {
        this.name = name;
    }

    public static void main(String[] words) throws Exception {
        BlockFaultChild child = new BlockFaultChild(words[1]);
        for (int round = 0; round < Integer.parseInt(words[2]); round++) {
            switch (words[0]) {
                case "list" -> child.list();
                case "copy" -> child.copy();
                case "relink" -> child.relink();
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
        System.out.println("ok");
    }

    /** Truncates the block at a random position, after a random delay. */
    private Thread truncateSoon(long size) {
        long length = random.nextInt(4) == 0 ? 0 : random.nextLong(size - 4096);
        return FileTruncation.truncateAfter(random.nextInt(2_000_000), BlockScratch.file(name), length);
    }

    private void list() throws Exception {
        List<Object> items = IntStream.range(0, ITEMS)
                .mapToObj(item -> item % 2 == 0 ? (Object) item : "text " + item)
                .toList();
        try (ShareableList list = ShareableList.create(name, items)) {
            Thread truncation = truncateSoon(list.block().size());
            expectTruncated(() -> {
                for (int item = ITEMS - 1; item >= 0; item--) {
                    Object value = list.get(item);
                    if (!value.equals(items.get(item)) && !value.equals((long) item)) {
                        throw new AssertionError("item " + item + " is " + value);
                    }
                    list.set(item, value);
                }
            });
            truncation.join();
            expectTruncated(list::toList);
            if (!list.block().unlink()) {
                throw new AssertionError("not linked");
            }
        }
    }

    private void copy() throws Exception {
        byte[] bytes = new byte[1 << 20];
        try (SharedMemory block = SharedMemory.create(name, bytes.length)) {
            Thread truncation = truncateSoon(block.size());
            expectTruncated(() -> {
                block.write(0, MemorySegment.ofArray(bytes));
                block.read(0, MemorySegment.ofArray(bytes));
            });
            truncation.join();
            expectTruncated(() -> block.read(0, MemorySegment.ofArray(bytes)));
            expectTruncated(() -> block.write(0, MemorySegment.ofArray(bytes)));
            SharedMemory.remove(name);
            try {
                block.relink();
                throw new AssertionError("relinked a truncated block");
            } catch (IncompatibleException e) {
                if (BlockScratch.file(name).toFile().exists()) {
                    throw new AssertionError("left an incomplete copy");
                }
            }
        }
    }

    /** Another thread uses the memory while the block moves to a new object. */
    private void relink() throws Exception {
        int bytes = 1 << 16;
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (SharedMemory block = SharedMemory.create(name, bytes)) {
            block.buf().fill((byte) 7);
            MemorySegment taken = block.buf();
            Thread user = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int at = 0; !done.get(); at = (at + 61) % bytes) {
                        if (taken.get(ValueLayout.JAVA_BYTE, at) != 7) {
                            throw new AssertionError("byte " + at + " is " + taken.get(ValueLayout.JAVA_BYTE, at));
                        }
                        taken.set(ValueLayout.JAVA_BYTE, at, (byte) 7);
                    }
                } catch (Throwable t) {
                    failure.set(t);
                }
            });
            for (int i = 0; i < 50; i++) {
                SharedMemory.remove(name);
                if (!block.relink() || !block.isLinked()) {
                    throw new AssertionError("not linked again");
                }
            }
            done.set(true);
            user.join();
            block.unlink();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    /** Repeats a use until it reports the truncation. */
    private void expectTruncated(Runnable use) {
        while (true) {
            try {
                use.run();
            } catch (IncompatibleException e) {
                if (!e.getMessage().contains("the block " + name + " was truncated")) {
                    throw e;
                }
                return;
            }
        }
    }
}
