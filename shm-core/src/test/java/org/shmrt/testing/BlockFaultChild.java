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
 * Uses blocks and lists while they are truncated, repeatedly, and prints {@code ok} if every access fault became an
 * exception with a reason. Runs in its own process, since an unhandled access fault would kill it.
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

    /** Soon truncates the block somewhere. */
    private Thread truncateSoon(long size) {
        long length = random.nextInt(4) == 0 ? 0 : random.nextLong(size - 4096);
        return Truncation.truncateSoon(BlockScratch.file(name), length, random);
    }

    private void list() throws Exception {
        List<Object> items = IntStream.range(0, ITEMS)
                .mapToObj(item -> item % 2 == 0 ? (Object) item : "text " + item)
                .toList();
        try (ShareableList list = ShareableList.create(name, items)) {
            Thread truncating = truncateSoon(list.block().size());
            repeatUntilRefused(() -> {
                for (int item = ITEMS - 1; item >= 0; item--) {
                    Object value = list.get(item);
                    if (!value.equals(items.get(item)) && !value.equals((long) item)) {
                        throw new AssertionError("item " + item + " is " + value);
                    }
                    list.set(item, value);
                }
            });
            truncating.join();
            repeatUntilRefused(list::toList);
            if (!list.block().unlink()) {
                throw new AssertionError("the block was not linked");
            }
        }
    }

    private void copy() throws Exception {
        byte[] bytes = new byte[1 << 20];
        try (SharedMemory block = SharedMemory.create(name, bytes.length)) {
            Thread truncating = truncateSoon(block.size());
            repeatUntilRefused(() -> {
                block.write(0, MemorySegment.ofArray(bytes));
                block.read(0, MemorySegment.ofArray(bytes));
            });
            truncating.join();
            repeatUntilRefused(() -> block.read(0, MemorySegment.ofArray(bytes)));
            repeatUntilRefused(() -> block.write(0, MemorySegment.ofArray(bytes)));
            SharedMemory.remove(name);
            try {
                block.relink();
                throw new AssertionError("relinked a truncated block");
            } catch (IncompatibleException e) {
                if (BlockScratch.file(name).toFile().exists()) {
                    throw new AssertionError("a partial copy was left behind");
                }
            }
        }
    }

    /** Other threads use the memory while the block is moved to a new object. */
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
                    throw new AssertionError("the block was not linked again");
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

    /** Repeats an operation until it fails with the reason. */
    private void repeatUntilRefused(Runnable use) {
        while (true) {
            try {
                use.run();
            } catch (IncompatibleException e) {
                if (!e.getMessage().contains("the block " + name + " was cut off")) {
                    throw e;
                }
                return;
            }
        }
    }
}
