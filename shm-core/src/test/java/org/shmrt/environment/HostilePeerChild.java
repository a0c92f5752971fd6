package org.shmrt.environment;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.shmrt.array.SharedArray;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.ShareableList;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.posix.Faults;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.inspect.StreamRepair;

/**
 * Uses an object that somebody else is spoiling: opens, reads, writes, waits, lists and looks, over and over. Every
 * use has to end by itself, within the time it was given and a second, well or with an exception of ShmRT's own. Prints
 * how many did which.
 */
public final class HostilePeerChild {
    private static final long MS = 1_000_000L;
    private static final long GRACE_NS = 1_000 * MS;

    private final Path path;
    private final Random random = new Random(7);
    private long done;
    private long refused;
    private volatile String doing;
    private volatile long dueNs = Long.MAX_VALUE;

    private HostilePeerChild(Path path) {
        this.path = path;
    }

    public static void main(String[] words) {
        HostilePeerChild child = new HostilePeerChild(Path.of(words[1]));
        long untilNs = System.nanoTime() + Long.parseLong(words[2]) * MS;
        Thread.ofPlatform().daemon().start(child::watch);
        System.out.println("begun");
        while (System.nanoTime() < untilNs) {
            switch (words[0]) {
                case "stream" -> child.stream();
                case "array" -> child.array();
                case "list" -> child.list();
                case "fits" -> child.fits();
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
        System.out.println(child.done + " " + child.refused);
    }

    /** Ends the process with the stack of whoever takes too long. */
    private void watch() {
        while (true) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
            if (System.nanoTime() > dueNs) {
                System.err.println("hangs in " + doing);
                Thread.getAllStackTraces().forEach((thread, stack) -> {
                    if (thread.getName().equals("main")) {
                        List.of(stack).forEach(frame -> System.err.println("    at " + frame));
                    }
                });
                Runtime.getRuntime().halt(3);
            }
        }
    }

    private interface Use {
        void run() throws Exception;
    }

    /** One use, which may take so long and a second; anything it throws that is no refusal ends the process. */
    private void use(String name, long timeoutNs, Use use) {
        doing = name;
        dueNs = System.nanoTime() + timeoutNs + GRACE_NS;
        try {
            use.run();
            done++;
        } catch (ShmException e) {
            refused++;
            if (e.getMessage() == null
                    || e.getMessage().isBlank()
                    || !e.getClass().getName().contains(".error.")) {
                throw e;
            }
        } catch (Throwable t) {
            System.err.println("in " + name + ": " + t);
            t.printStackTrace();
            Runtime.getRuntime().halt(4);
        } finally {
            dueNs = Long.MAX_VALUE;
        }
    }

    /** A use of the memory itself, where the documentation announces an {@link InternalError} for what was cut off. */
    private void raw(String name, Use use) {
        use(name, 0, () -> {
            try {
                use.run();
                Faults.poll();
            } catch (InternalError e) {
                refused++;
            }
        });
    }

    private void stream() {
        use("info", 0, () -> {
            StreamInfo info = StreamInfo.of(path);
            info.warnings();
            info.ageSeconds();
        });
        use("summary", 0, () -> StreamInspector.now().summary(path).warnings());
        use("repair plan", 0, () -> StreamRepair.plan(path));
        use("open read-only", 2_000 * MS, () -> {
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
                look(stream);
                read(stream, WaitStrategy.spin());
            }
        });
        use("open", 4_000 * MS, () -> {
            try (ImageStream stream = ImageStream.open(path)) {
                look(stream);
                write(stream);
                read(stream, random.nextBoolean() ? WaitStrategy.semaphore() : WaitStrategy.hybrid(20_000));
                keywords(stream);
            }
        });
    }

    private void look(ImageStream stream) {
        use("status", 0, stream::status);
        use("keywords", 0, stream::keywords);
        use("traces", 0, stream::traces);
        use("history", 50 * MS, () -> {
            FrameHistory history = stream.history();
            // what its javadoc tells to do, on memory of one's own
            try (Arena arena = Arena.ofConfined()) {
                long bytes = Math.multiplyExact(history.capacity(), history.frameBytes());
                history.read(arena.allocate(bytes), 50 * MS);
            }
            for (int i = 0; i < history.length(); i++) {
                history.count(i);
                history.acquiredNs(i);
            }
        });
    }

    private void read(ImageStream stream, WaitStrategy wait) {
        use("read", 5_000 * MS, () -> {
            byte[] mine = new byte[Math.toIntExact(stream.layout().frameBytes())];
            try (FrameReader reader = stream.reader(wait)) {
                for (int i = 0; i < 3; i++) {
                    use("await next", 5 * MS, () -> reader.awaitNext(5 * MS));
                    use("validate", 0, reader::validate);
                    use("copy", 0, () -> reader.copyTo(MemorySegment.ofArray(mine)));
                    use("read next", 5 * MS, () -> reader.read(MemorySegment.ofArray(mine), 5 * MS));
                    use("newest", 1_000 * MS, reader::newest);
                    use("read newest", 5 * MS, () -> reader.readNewest(MemorySegment.ofArray(mine), 5 * MS));
                    use("skip", 0, reader::skipToNewest);
                    use(
                            "take slot",
                            0,
                            () -> reader.takeSlot(random.nextInt(stream.layout().depth())));
                    raw(
                            "frame",
                            () -> reader.frame()
                                    .get(ValueLayout.JAVA_BYTE, reader.frame().byteSize() - 1));
                }
                use("reattach", 0, reader::reattach);
                use("read after", 5 * MS, () -> reader.awaitNext(5 * MS));
            }
        });
    }

    private void write(ImageStream stream) {
        use("write", 2_000 * MS, () -> {
            byte[] mine = new byte[Math.toIntExact(stream.layout().frameBytes())];
            try (FrameWriter writer = stream.writer()) {
                for (int i = 0; i < 3; i++) {
                    use("copy in", 0, () -> writer.write(MemorySegment.ofArray(mine)));
                    raw("claim", () -> {
                        MemorySegment claimed = writer.claim();
                        try {
                            claimed.set(ValueLayout.JAVA_BYTE, claimed.byteSize() - 1, (byte) 1);
                            Faults.poll();
                        } catch (InternalError e) {
                            writer.abort();
                            throw e;
                        }
                        writer.publish();
                    });
                    use("abort", 0, () -> {
                        writer.claim();
                        writer.abort();
                    });
                }
            }
        });
    }

    private void keywords(ImageStream stream) {
        for (int i = 0; i < 3; i++) {
            String name = "k" + i;
            use("set", 0, () -> stream.keywordTable().set(name, "text"));
            use("get", 0, () -> stream.keywordTable().get(name));
            use("remove", 0, () -> stream.keywordTable().remove(name));
            use("list", 0, () -> stream.keywordTable().list());
        }
    }

    private void array() {
        String name = "file://" + path;
        use("array", 0, () -> {
            try (SharedArray array =
                    random.nextBoolean() ? SharedArray.attach(name) : SharedArray.attachReadOnly(name)) {
                array.info();
                raw("copy", () -> array.segment().toArray(ValueLayout.JAVA_BYTE));
                use("element", 0, () -> array.element(new long[array.shape().rank()]));
            }
        });
    }

    private void list() {
        String name = path.getFileName().toString();
        use("block info", 0, () -> BlockInfo.of(path));
        use("list", 0, () -> {
            try (ShareableList list =
                    random.nextBoolean() ? ShareableList.attach(name) : ShareableList.attachReadOnly(name)) {
                for (int i = 0; i < list.size(); i++) {
                    int item = i;
                    use("kind", 0, () -> list.kind(item));
                    use("get", 0, () -> list.get(item));
                    use("bytes", 0, () -> list.getBytes(item));
                    use("set", 0, () -> {
                        try {
                            list.set(item, 1L);
                        } catch (IllegalArgumentException e) {
                            // the item is no number, or has no room for one
                        }
                    });
                }
                use("to list", 0, list::toList);
            }
        });
    }

    private void fits() {
        use("header", 0, () -> FitsFile.header(path));
        use("read", 0, () -> FitsFile.read(path));
    }
}
