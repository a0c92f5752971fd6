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
 * What people do with ShmRT, by name: each use stands for itself and takes away what it made. Objects of a directory
 * and of shared memory that were prepared before.
 */
final class EnvironmentUses {
    private static final long MS = 1_000_000L;
    private static final Path SHARED = Path.of("/dev/shm");

    private final Path directory;
    private final String prefix;
    private final Shape shape;
    private final MemoryImage image;
    private final byte[] frame;
    private final Map<String, Use> uses = new LinkedHashMap<>();

    /** One thing to do. */
    interface Use {
        void run();
    }

    EnvironmentUses(Path directory, String prefix, Shape shape) {
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

    /** The uses, in the order in which they are good to do. */
    Map<String, Use> all() {
        return uses;
    }

    /** Makes the objects that the uses find. */
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

    /** Makes some with exactly these permissions. */
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

    /** Removes them again. */
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
        Path there = stream(format);
        uses.put("create " + format, () -> {
            ImageStream.create(stream("new" + format), spec(format)).close();
            ImageStream.remove(stream("new" + format));
        });
        uses.put(
                "replace " + format,
                () -> ImageStream.create(
                                there, spec(format).withFirstFrame(image.data()).replacingExisting())
                        .close());
        uses.put("open " + format, () -> ImageStream.open(there).close());
        uses.put("view " + format, () -> {
            try (ImageStream stream = ImageStream.open(there, Access.READ_ONLY);
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                reader.readNewest(MemorySegment.ofArray(frame), 100 * MS);
                stream.status();
                stream.keywords();
            }
        });
        uses.put("write " + format, () -> {
            try (ImageStream stream = ImageStream.open(there);
                    FrameWriter writer = stream.writer()) {
                writer.write(image.data());
                stream.keywordTable().set("key", 1);
            }
        });
        uses.put("wait " + format, () -> {
            try (ImageStream stream = ImageStream.open(there);
                    FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                reader.awaitNext(5 * MS);
                reader.reattach();
                reader.awaitNext(5 * MS);
            }
        });
        uses.put("info " + format, () -> StreamInfo.of(there).warnings());
        uses.put("list " + format, () -> StreamInspector.now().summary(there).warnings());
        uses.put("convert " + format, () -> {
            Path made = stream("other" + format);
            StreamConversion.of(there, format.equals("dao") ? "milk" : "dao").run(made);
            ImageStream.remove(made);
        });
    }

    private void arrays() {
        uses.put("create array", () -> {
            SharedArray.create(array("newarray"), DataType.UINT8, shape).close();
            SharedArray.delete(array("newarray"));
        });
        uses.put("create shared array", () -> {
            SharedArray.create("shm://" + prefix + "newarray", DataType.UINT8, shape)
                    .close();
            SharedArray.delete("shm://" + prefix + "newarray");
        });
        uses.put("attach array", () -> {
            try (SharedArray array = SharedArray.attach(array("array"))) {
                array.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                array.sync(SyncMode.SYNC);
            }
        });
        uses.put(
                "view array",
                () -> SharedArray.attachReadOnly("shm://" + prefix + "array").close());
        uses.put("list arrays", SharedArray::list);
    }

    private void blocks() {
        uses.put("create block", () -> {
            try (SharedMemory block = SharedMemory.create(prefix + "newblock", frame.length)) {
                block.unlink();
            }
        });
        uses.put("create list", () -> {
            try (ShareableList list = ShareableList.create(prefix + "newlist", List.of(1L, "two", 3.0))) {
                list.block().unlink();
            }
        });
        uses.put("attach block", () -> {
            try (SharedMemory block = SharedMemory.attach(prefix + "block")) {
                block.write(0, image.data());
            }
        });
        uses.put(
                "view block",
                () -> SharedMemory.attachReadOnly(prefix + "block").close());
        uses.put("view list", () -> {
            try (ShareableList list = ShareableList.attachReadOnly(prefix + "list")) {
                list.toList();
            }
        });
        uses.put("list blocks", SharedMemory::list);
    }

    private void images() {
        uses.put("read fits", () -> FitsFile.read(directory.resolve("x.fits")));
        uses.put("write fits", () -> written("new.fits", file -> FitsFile.write(file, image, FitsOptions.defaults())));
        uses.put(
                "write tiles",
                () -> written(
                        "tiles.fits",
                        file -> FitsFile.write(
                                file, image, FitsOptions.defaults().withCompression())));
        uses.put("read npy", () -> NpyFile.read(directory.resolve("x.npy")));
        uses.put("replace fits", () -> FitsFile.write(directory.resolve("x.fits"), image, FitsOptions.defaults()));
        uses.put("write npy", () -> written("new.npy", file -> NpyFile.write(file, image)));
        uses.put("write png", () -> written("new.png", file -> PngFile.write(file, image)));
    }

    private void written(String name, Consumer<Path> writing) {
        Path file = directory.resolve(name);
        writing.accept(file);
        delete(file);
    }

    private void cacao() {
        uses.put("load fits", () -> {
            FitsLoader.load(LoadRequest.of(stream("dao").toString())
                    .withFits(directory.resolve("x.fits").toString())
                    .withDirectory(directory)
                    .forced());
            deleteTree("conf");
            deleteTree("loadedSM");
        });
        uses.put("link stream", () -> {
            StreamLinks.link(stream("dao").toString(), stream("link").toString(), "", directory, false);
            delete(stream("link"));
            deleteTree("conf");
        });
    }

    private void deleteTree(String name) {
        Path tree = directory.resolve(name);
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                files.sorted(Comparator.reverseOrder()).forEach(EnvironmentUses::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What nobody may leave behind: files with hidden names, and semaphores of a stream that is not there. */
    List<String> halfMade() {
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

    /** Takes away what is complete and was not taken away, for the use was refused when it wanted to. */
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
            if (halfMade().contains(file.toString())) {
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
                                    || file.toString().contains(".shmrt-")))
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
