package org.shmrt.soak;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.array.SharedArray;
import org.shmrt.block.ShareableList;
import org.shmrt.block.SharedMemory;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * The child process of {@link OpenCloseTest}, with arguments {@code DIRECTORY PREFIX TIMES}. Opens, uses and closes an
 * object of each kind that many times, or creates and removes it a fifth as many times. Prints the resource usage
 * before and after each kind as JSON.
 */
final class OpenCloseChild {
    private static final long HEARTBEAT_NS = 10_000_000_000L;

    private final Path directory;
    private final String prefix;
    private final MemorySegment frame = MemorySegment.ofArray(new short[12]);

    /**
     * The result of one kind of object.
     *
     * @param times number of repetitions between the two measurements
     * @param entriesBefore number of files in shared memory and in the directory
     */
    record Outcome(
            String kind,
            int times,
            double seconds,
            ResourceUsage before,
            ResourceUsage after,
            int entriesBefore,
            int entriesAfter) {}

    private OpenCloseChild(Path directory, String prefix) {
        this.directory = directory;
        this.prefix = prefix;
    }

    public static void main(String[] words) {
        ParentMonitor.exitWithParent();
        new OpenCloseChild(Path.of(words[0]), words[1]).run(Integer.parseInt(words[2]));
    }

    private Path stream(String name) {
        return directory.resolve(prefix + name + ".im.shm");
    }

    private void run(int times) {
        Map<String, Runnable> kinds = new LinkedHashMap<>();
        for (String format : List.of("dao", "milk")) {
            StreamSpec spec =
                    StreamSpec.of(format, DataType.UINT16, Shape.of(3, 4)).withKeywords(2);
            ImageStream.create(stream(format), spec).close();
            kinds.put(format + " read-only", () -> view(stream(format)));
            kinds.put(format + " writer and reader", () -> exchange(stream(format)));
            kinds.put(format + " inspected", () -> StreamInfo.of(stream(format)));
            kinds.put(format + " created and removed", () -> {
                ImageStream.create(stream(format + "-new"), spec).close();
                ImageStream.remove(stream(format + "-new"));
            });
        }
        String array = "shm://" + prefix + "array";
        SharedArray.create(array, DataType.FLOAT32, Shape.of(3, 4)).close();
        kinds.put("array", () -> useArray(array));
        kinds.put("array created and deleted", () -> {
            SharedArray.create(array + "-new", DataType.FLOAT32, Shape.of(3, 4)).close();
            SharedArray.delete(array + "-new");
        });
        SharedMemory.create(prefix + "block", 4096).close();
        kinds.put("block", () -> useBlock(prefix + "block"));
        kinds.put("block created and removed", () -> {
            SharedMemory.create(prefix + "block-new", 4096).close();
            SharedMemory.remove(prefix + "block-new");
        });
        ShareableList.create(prefix + "list", List.of(1L, "two", 3.0)).close();
        kinds.put("list", () -> useList(prefix + "list"));

        kinds.forEach((kind, operation) -> System.out.println(
                new Gson().toJson(measure(kind, operation, kind.contains("created") ? times / 5 : times))));
        ImageStream.remove(stream("dao"));
        ImageStream.remove(stream("milk"));
        SharedArray.delete(array);
        SharedMemory.remove(prefix + "block");
        SharedMemory.remove(prefix + "list");
    }

    private Outcome measure(String kind, Runnable operation, int times) {
        repeat(operation, Math.clamp(times / 10, 300, 5000));
        int entries = entries();
        ResourceUsage before = ResourceUsage.measure(directory);
        long startNs = System.nanoTime();
        repeat(operation, times);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        return new Outcome(kind, times, seconds, before, ResourceUsage.measure(directory), entries, entries());
    }

    private static void repeat(Runnable operation, int times) {
        long heartbeatNs = System.nanoTime();
        for (int i = 0; i < times; i++) {
            operation.run();
            if (System.nanoTime() - heartbeatNs > HEARTBEAT_NS) {
                heartbeatNs = System.nanoTime();
                System.out.println("at " + i);
            }
        }
    }

    /** Number of files of this test in shared memory, including semaphores, and in its directory. */
    private int entries() {
        int count = 0;
        for (Path folder : List.of(Path.of("/dev/shm"), directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    count += folder.equals(directory)
                                    || file.getFileName().toString().contains(prefix)
                            ? 1
                            : 0;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return count;
    }

    private void view(Path path) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            require(reader.newest().hasFrame());
        }
    }

    private void exchange(Path path) {
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            writer.write(frame);
            require(reader.awaitNext(1_000_000_000L).hasFrame());
        }
    }

    private static void useArray(String name) {
        try (SharedArray array = SharedArray.attach(name)) {
            array.setDouble(array.getDouble(0, 1) + 1, 0, 1);
        }
    }

    private static void useBlock(String name) {
        try (SharedMemory block = SharedMemory.attach(name)) {
            block.buf().set(ValueLayout.JAVA_BYTE, 7, (byte) (1 + block.buf().get(ValueLayout.JAVA_BYTE, 7)));
        }
    }

    private static void useList(String name) {
        try (ShareableList list = ShareableList.attach(name)) {
            list.set(0, 1L + (Long) list.get(0));
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("no frame");
        }
    }
}
