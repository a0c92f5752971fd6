package org.shmrt.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.shmrt.array.ArraySpec;
import org.shmrt.array.SharedArray;
import org.shmrt.array.SyncMode;
import org.shmrt.block.ShareableList;
import org.shmrt.block.SharedMemory;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LinkRequest;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.cacao.StreamLinks;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.NpyFile;
import org.shmrt.image.PngFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.convert.StreamConversion;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;

/**
 * Typical use cases of ShmRT, by name. Each is independent of the others and removes what it creates. They use objects
 * in a directory and in shared memory that {@link #prepare} creates.
 */
final class UseCases {
    private static final long MS = 1_000_000L;
    private static final Path SHARED = Path.of("/dev/shm");
    /** Part of the names of this process's temporary files; other processes have such files in shared memory too. */
    private static final long PID = ProcessHandle.current().pid();

    private final Path directory;
    private final String prefix;
    private final Shape shape;
    private final MemoryImage image;
    private final byte[] frame;
    private final Map<String, UseCase> useCases = new LinkedHashMap<>();

    /** One use case. */
    interface UseCase {
        void run();
    }

    UseCases(Path directory, String prefix, Shape shape) {
        this.directory = directory;
        this.prefix = prefix;
        this.shape = shape;
        this.frame = new byte[Math.toIntExact(shape.byteSize(DataType.UINT8))];
        this.image = new MemoryImage(DataType.UINT8, shape, MemorySegment.ofArray(frame));
        for (String format : List.of("dao", "milk")) {
            streams(format);
        }
        arrays();
        blocks();
        images();
        cacao();
    }

    /** All use cases, in the order in which to run them. */
    Map<String, UseCase> all() {
        return useCases;
    }

    /** Creates the objects that the use cases need. */
    void prepare() {
        for (String format : List.of("dao", "milk")) {
            ImageStream.create(stream(format), spec(format).withFirstFrame(image.data()))
                    .close();
        }
        SharedArray.create(array("array"), DataType.UINT8, shape).close();
        SharedArray.create("shm://" + prefix + "array", DataType.UINT8, shape).close();
        SharedMemory.create(prefix + "block", frame.length).close();
        ShareableList.create(prefix + "list", List.of(1L, "two")).close();
        FitsFile.write(directory.resolve("x.fits"), image, FitsOptions.defaults());
        NpyFile.write(directory.resolve("x.npy"), image);
    }

    /** Creates objects with exactly these permissions. */
    void prepareExact(int permissions) {
        for (String format : List.of("dao", "milk")) {
            ImageStream.create(stream("exact" + format), spec(format).withPermissions(permissions))
                    .close();
        }
        SharedArray.create(
                        array("exactarray"), ArraySpec.of(DataType.UINT8, shape).withPermissions(permissions))
                .close();
        SharedMemory.create(prefix + "exactblock", frame.length, permissions).close();
    }

    /** Removes the objects of {@link #prepare}. */
    void remove() {
        for (String format : List.of("dao", "milk")) {
            ImageStream.remove(stream(format));
        }
        for (String name : List.of("array", "block", "list")) {
            SharedMemory.remove(prefix + name);
        }
        for (String name : List.of("array", "x.fits", "x.npy")) {
            delete(directory.resolve(name));
        }
    }

    Path stream(String name) {
        return directory.resolve(prefix + name + ".im.shm");
    }

    private String array(String name) {
        return "file://" + directory.resolve(name);
    }

    private StreamSpec spec(String format) {
        return StreamSpec.of(format, DataType.UINT8, shape).withKeywords(3);
    }

    private void streams(String format) {
        Path path = stream(format);
        useCases.put("create " + format, () -> {
            ImageStream.create(stream("new" + format), spec(format)).close();
            ImageStream.remove(stream("new" + format));
        });
        useCases.put(
                "replace " + format,
                () -> ImageStream.create(
                                path, spec(format).withFirstFrame(image.data()).replacingExisting())
                        .close());
        useCases.put("open " + format, () -> ImageStream.open(path).close());
        useCases.put("view " + format, () -> {
            try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                reader.readNewest(MemorySegment.ofArray(frame), 100 * MS);
                stream.status();
                stream.keywords();
            }
        });
        useCases.put("write " + format, () -> {
            try (ImageStream stream = ImageStream.open(path);
                    FrameWriter writer = stream.writer()) {
                writer.write(image.data());
                stream.keywordTable().set("key", 1);
            }
        });
        useCases.put("wait " + format, () -> {
            try (ImageStream stream = ImageStream.open(path);
                    FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                reader.awaitNext(5 * MS);
                reader.reattach();
                reader.awaitNext(5 * MS);
            }
        });
        useCases.put("info " + format, () -> StreamInfo.of(path).warnings());
        useCases.put("list " + format, () -> StreamInspector.now().summary(path).warnings());
        useCases.put("convert " + format, () -> {
            Path converted = stream("other" + format);
            StreamConversion.of(path, format.equals("dao") ? "milk" : "dao").run(converted);
            ImageStream.remove(converted);
        });
    }

    private void arrays() {
        useCases.put("create array", () -> {
            SharedArray.create(array("newarray"), DataType.UINT8, shape).close();
            SharedArray.delete(array("newarray"));
        });
        useCases.put("create shared array", () -> {
            SharedArray.create("shm://" + prefix + "newarray", DataType.UINT8, shape)
                    .close();
            SharedArray.delete("shm://" + prefix + "newarray");
        });
        useCases.put("attach array", () -> {
            try (SharedArray array = SharedArray.attach(array("array"))) {
                array.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                array.sync(SyncMode.SYNC);
            }
        });
        useCases.put(
                "view array",
                () -> SharedArray.attachReadOnly("shm://" + prefix + "array").close());
        useCases.put("list arrays", SharedArray::list);
    }

    private void blocks() {
        useCases.put("create block", () -> {
            try (SharedMemory block = SharedMemory.create(prefix + "newblock", frame.length)) {
                block.unlink();
            }
        });
        useCases.put("create list", () -> {
            try (ShareableList list = ShareableList.create(prefix + "newlist", List.of(1L, "two", 3.0))) {
                list.block().unlink();
            }
        });
        useCases.put("attach block", () -> {
            try (SharedMemory block = SharedMemory.attach(prefix + "block")) {
                block.write(0, image.data());
            }
        });
        useCases.put(
                "view block",
                () -> SharedMemory.attachReadOnly(prefix + "block").close());
        useCases.put("view list", () -> {
            try (ShareableList list = ShareableList.attachReadOnly(prefix + "list")) {
                list.toList();
            }
        });
        useCases.put("list blocks", SharedMemory::list);
    }

    private void images() {
        useCases.put("read fits", () -> FitsFile.read(directory.resolve("x.fits")));
        useCases.put(
                "write fits",
                () -> writeAndDelete("new.fits", file -> FitsFile.write(file, image, FitsOptions.defaults())));
        useCases.put(
                "write tiles",
                () -> writeAndDelete(
                        "tiles.fits",
                        file -> FitsFile.write(
                                file, image, FitsOptions.defaults().withCompression())));
        useCases.put("read npy", () -> NpyFile.read(directory.resolve("x.npy")));
        useCases.put("replace fits", () -> FitsFile.write(directory.resolve("x.fits"), image, FitsOptions.defaults()));
        useCases.put("write npy", () -> writeAndDelete("new.npy", file -> NpyFile.write(file, image)));
        useCases.put("write png", () -> writeAndDelete("new.png", file -> PngFile.write(file, image)));
    }

    private void writeAndDelete(String name, Consumer<Path> write) {
        Path file = directory.resolve(name);
        write.accept(file);
        delete(file);
    }

    private void cacao() {
        useCases.put("load fits", () -> {
            FitsLoader.load(LoadRequest.builder(stream("dao").toString())
                    .fits(directory.resolve("x.fits").toString())
                    .directory(directory)
                    .mode(LoadRequest.Mode.ALWAYS)
                    .build());
            deleteTree("conf");
            deleteTree("loadedSM");
        });
        useCases.put("link stream", () -> {
            StreamLinks.link(LinkRequest.builder(stream("link").toString())
                    .source(stream("dao").toString())
                    .directory(directory)
                    .build());
            delete(stream("link"));
            deleteTree("conf");
        });
    }

    private void deleteTree(String name) {
        Path tree = directory.resolve(name);
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                files.sorted(Comparator.reverseOrder()).forEach(UseCases::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Files that must not be left behind: temporary files, and semaphores without their stream. */
    List<String> leftovers() {
        return files().stream()
                .filter(file -> {
                    String name = file.getFileName().toString();
                    int local = name.indexOf("_sem");
                    return name.startsWith(".shmrt-")
                            || (name.startsWith("sem.")
                                    && local > 0
                                    && !Files.exists(
                                            directory.resolve(name.substring("sem.".length(), local) + ".im.shm")));
                })
                .map(Path::toString)
                .toList();
    }

    /** Removes complete objects that a use case created but was not allowed to remove. */
    void sweep() {
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if ((name.startsWith(prefix) && name.contains("new")) || name.contains(prefix + "other")) {
                delete(file);
            } else if (name.startsWith("new") || name.equals("tiles.fits") || name.contains(prefix + "link")) {
                delete(file);
            }
        }
        for (Path file : files()) {
            if (leftovers().contains(file.toString())) {
                delete(file);
            }
        }
        deleteTree("conf");
        deleteTree("loadedSM");
    }

    private List<Path> files() {
        try (Stream<Path> here = Files.list(directory);
                Stream<Path> shared = Files.list(SHARED)) {
            return Stream.concat(
                            here,
                            shared.filter(file -> file.toString().contains(prefix)
                                    || file.getFileName().toString().matches("\\.shmrt-[0-9]+-" + PID + "-.*")))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
