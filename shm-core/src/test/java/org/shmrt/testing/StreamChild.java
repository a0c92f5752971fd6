package org.shmrt.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * The second process of the two-process tests; the first argument is the command. Some commands run until their input
 * ends. A {@link ShmException} is printed as a line {@code TYPE: MESSAGE}, and the exit status is 1.
 */
public final class StreamChild {
    private StreamChild() {}

    public static void main(String[] words) throws Exception {
        try {
            switch (words[0]) {
                case "await" ->
                    await(Path.of(words[1]), wait(words[2]), Integer.parseInt(words[3]), Long.parseLong(words[4]));
                case "check" ->
                    check(Path.of(words[1]), wait(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
                case "ramp" -> ramp(Path.of(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
                case "claim" -> claim(Path.of(words[1]));
                case "view" -> view(Path.of(words[1]));
                case "look" -> look(Path.of(words[1]));
                case "open" -> open(Path.of(words[1]), Access.valueOf(words[2]));
                case "create" ->
                    ImageStream.create(Path.of(words[1]), StreamSpec.dao(DataType.UINT8, Shape.of(4, 4)))
                            .close();
                case "create-milk" -> createMilk(Path.of(words[1]));
                case "permissions" -> permissions(Path.of(words[1]), words[2]);
                case "lock" -> lock(Path.of(words[1]));
                case "acquire" -> acquire(words[1], Long.parseLong(words[2]));
                default -> throw new IllegalArgumentException(words[0]);
            }
        } catch (ShmException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static WaitStrategy wait(String word) {
        return switch (word) {
            case "spin" -> WaitStrategy.spin();
            case "sleep" -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
            case "sem" -> WaitStrategy.semaphore();
            case "hybrid" -> WaitStrategy.hybrid(100_000);
            default -> WaitStrategy.semaphore(Integer.parseInt(word));
        };
    }

    /** Waits for frames and prints the verdict and the count of each. */
    private static void await(Path path, WaitStrategy wait, int times, long timeoutNs) {
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(wait)) {
            System.out.println("ready " + reader.semaphoreIndex());
            for (int i = 0; i < times; i++) {
                System.out.println(reader.awaitNext(timeoutNs) + " " + reader.count());
            }
        }
    }

    /**
     * Reads ramp frames up to a count and prints how many were read, lost and torn, and the count at the start.
     * Continues after a writer that died within a frame, since another writer may follow.
     */
    private static void check(Path path, WaitStrategy wait, long lastCount, long timeoutNs) {
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(wait)) {
            RampFrames frames = new RampFrames(stream.shape().elementCount());
            MemorySegment buffer = frames.empty();
            long first = reader.count();
            System.out.println("ready " + first);
            long torn = 0;
            long taken = 0;
            Verdict verdict = Verdict.FRESH;
            while (reader.count() < lastCount && (verdict.hasFrame() || verdict == Verdict.STALE_WRITER)) {
                verdict = reader.read(buffer, timeoutNs);
                if (verdict.hasFrame()) {
                    taken++;
                    torn += frames.isWhole(buffer, reader.count()) ? 0 : 1;
                }
            }
            System.out.println("taken " + taken + " lost " + reader.lostTotal() + " torn " + torn + " " + verdict
                    + " from " + first);
        }
    }

    private static void ramp(Path path, int times, long pauseNs) {
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            RampFrames frames = new RampFrames(stream.shape().elementCount());
            long count = stream.status().cnt0();
            long dueNs = System.nanoTime();
            for (int i = 0; i < times; i++) {
                while (System.nanoTime() < dueNs) {
                    Thread.onSpinWait();
                }
                count = writer.write(frames.of(count + 1));
                dueNs += pauseNs;
            }
            System.out.println("wrote " + count);
        }
    }

    /** Writes one frame of ones and half a frame of twos, then waits until its input ends. */
    private static void claim(Path path) throws IOException {
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            writer.claim().fill((byte) 1);
            writer.publish();
            MemorySegment frame = writer.claim();
            frame.asSlice(0, frame.byteSize() / 2).fill((byte) 2);
            System.out.println("claimed");
            awaitEndOfInput();
        }
    }

    /** Does what a viewer does: opens read-only, polls and reads the status. */
    private static void view(Path path) {
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.idle(new SleepingMillisIdleStrategy(1)))) {
            System.out.println("ready");
            Verdict verdict = reader.awaitNext(20_000_000_000L);
            System.out.println(verdict + " " + reader.count() + " "
                    + stream.status().cnt0() + " " + stream.keywords().size());
        }
    }

    /** Prints what a report of a stream needs. */
    private static void look(Path path) {
        StreamInfo info = StreamInfo.of(path);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            FrameHistory history = stream.history();
            MemorySegment frames = MemorySegment.ofArray(new byte[3 * (int) history.frameBytes()]);
            Verdict verdict = history.read(frames, 1_000_000_000L);
            System.out.println(info.layout().format() + " " + info.status().cnt0() + " findings "
                    + info.warnings().size() + " known age " + (info.ageSeconds() >= 0) + " history " + verdict
                    + " " + history.length()
                    + " semaphores " + info.semaphores().size());
        }
    }

    private static void open(Path path, Access access) {
        try (ImageStream stream = ImageStream.open(path, access)) {
            System.out.println(stream.layout().format() + " " + stream.shape());
        }
    }

    private static void createMilk(Path path) throws IOException {
        ImageStream.create(path, StreamSpec.milk(DataType.UINT8, Shape.of(4, 4)))
                .close();
        System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    /** Creates streams and files under this process's umask and prints their permissions. */
    private static void permissions(Path directory, String prefix) throws IOException {
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, Shape.of(4, 4));
        try (ImageStream usual = ImageStream.create(directory.resolve(prefix + "usual.im.shm"), spec);
                ImageStream exact =
                        ImageStream.create(directory.resolve(prefix + "exact.im.shm"), spec.withPermissions(0664));
                UnlinkedFile file = UnlinkedFile.in(directory.resolve(prefix + "new"), Permissions.withUmask(0666))) {
            file.reserve(1);
            file.link();
            for (Path path : new Path[] {
                usual.path(),
                Semaphore.file(usual.layout().semaphores().names().get(0)),
                exact.path(),
                Semaphore.file(exact.layout().semaphores().names().get(9)),
                Semaphore.file(exact.layout().semaphores().logName()),
                directory.resolve(prefix + "new")
            }) {
                System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }
        ImageStream.remove(directory.resolve(prefix + "usual.im.shm"));
        ImageStream.remove(directory.resolve(prefix + "exact.im.shm"));
    }

    private static void lock(Path path) throws IOException {
        try (FileLock lock = FileLock.tryExclusive(path)) {
            System.out.println(lock == null ? "refused" : "locked");
            awaitEndOfInput();
        }
    }

    private static void acquire(String name, long timeoutNs) {
        try (Arena arena = Arena.ofConfined()) {
            Semaphore semaphore = Semaphore.open(name, arena);
            System.out.println("ready");
            System.out.println(semaphore.acquire(timeoutNs));
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // the test sends no input
        }
    }
}
