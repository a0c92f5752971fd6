package org.shmrt.stream.format.milk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.memory.DataType;
import org.shmrt.stream.format.CreationInfo;
import org.shmrt.stream.format.DetectionResult;
import org.shmrt.stream.format.PastFrames;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.TimeField;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/** Detects, plans and initialises milk streams. Stateless. */
public final class MilkFormat implements StreamFormat {
    private static final long U32_MAX = 0xffff_ffffL;
    /** ImageStreamIO compares sizes as 32-bit numbers and rejects files of this size or more. */
    private static final long LIBRARY_MAX_BYTES = 1L << 31;
    /** ImageStreamIO rejects paths of this length or more. */
    private static final int LIBRARY_PATH_BYTES = 200;

    /** ImageStreamIO 2.01 makes the name of a temporary file of this and a suffix, in a buffer of 80 bytes. */
    private static final int TEMPORARY_NAME_BYTES = 69;

    private static final String SUFFIX = ".im.shm";

    /** For the service loader. */
    public MilkFormat() {}

    @Override
    public String name() {
        return "milk";
    }

    @Override
    public PastFrames pastFrames() {
        return PastFrames.CIRCULAR_BUFFER;
    }

    @Override
    public boolean supports(DataType type) {
        return MilkTypes.code(type) > 0;
    }

    @Override
    public boolean supportsRollingCubes() {
        return true;
    }

    @Override
    public int headBytes() {
        return MilkHeader.BYTES;
    }

    @Override
    public int permissions() {
        return 0666;
    }

    @Override
    public boolean ignoresUmask() {
        return true;
    }

    @Override
    public DetectionResult detect(Path path, MemorySegment head, long fileBytes) {
        if (head.byteSize() < MilkHeader.BYTES) {
            return DetectionResult.foreign(
                    "it has " + fileBytes + " bytes, fewer than a milk header's " + MilkHeader.BYTES);
        }
        Optional<DetectionResult> older = OlderVersion.detect(head, fileBytes);
        if (older.isPresent()) {
            return older.get();
        }
        MilkHeader header = new MilkHeader(head);
        if (header.isOtherVersion()) {
            return otherVersion(header);
        }
        String reason = header.imageFault();
        if (reason != null) {
            return header.hasVersion() ? DetectionResult.damaged(reason) : DetectionResult.foreign(reason);
        }
        for (Variant variant : Variant.values()) {
            MilkRegions regions = header.regionsOrNull(variant, head);
            if (regions != null && regions.fileBytes == fileBytes) {
                return ofVariant(header, regions);
            }
        }
        String size = header.sizeFault(fileBytes);
        return header.hasVersion() ? DetectionResult.damaged(size) : DetectionResult.foreign(size);
    }

    private static DetectionResult ofVariant(MilkHeader header, MilkRegions regions) {
        if (!header.hasVersion()) {
            return header.version().isEmpty()
                    ? DetectionResult.damaged("its version (offset 0) is empty: its creation was not completed")
                    : otherVersion(header);
        }
        MilkLayout layout = new MilkLayout(header.name(), header.type(), header.shape(), header.axes(), regions);
        return DetectionResult.accepted(layout.of(header.version(), header.warnings(), header.gpu()));
    }

    private static DetectionResult otherVersion(MilkHeader header) {
        return DetectionResult.otherVersion("its version (offset 0) is '" + header.version() + "', not "
                + MilkDescriptor.VERSION_TEXT + " or " + MilkDescriptor.NEWER_VERSION_TEXT
                + " or an older one that ShmRT knows");
    }

    @Override
    public StreamLayout plan(Path path, StreamSpec spec) {
        if (!supports(spec.type())) {
            throw new IllegalArgumentException("milk streams have no " + spec.type() + " elements");
        }
        if (spec.depth() != 1) {
            throw new IllegalArgumentException("a milk stream keeps one frame, not " + spec.depth()
                    + ": give it a circular buffer instead (--circular " + spec.depth() + ")");
        }
        if (spec.rolling() && spec.shape().rank() != 3) {
            throw new IllegalArgumentException("shape " + spec.shape()
                    + " is invalid: a rolling cube has three axes, of which the first is that of " + "its slices");
        }
        if (spec.rolling() && spec.shape().length(0) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("shape " + spec.shape() + " is invalid: a rolling cube has at most "
                    + Integer.MAX_VALUE + " slices");
        }
        String name = storedName(path);
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    FileNames.text(path) + " cannot be a milk stream: its file name has nothing before " + SUFFIX);
        }
        List<Long> axes = new ArrayList<>();
        for (int i = spec.shape().rank() - 1; i >= 0; i--) {
            long length = spec.shape().length(i);
            if (length > U32_MAX) {
                throw new IllegalArgumentException("shape " + spec.shape()
                        + " is invalid: an axis of a milk stream has at most " + U32_MAX + " elements");
            }
            axes.add(length);
        }
        MilkLayoutChoice choice =
                MilkLayoutChoice.of(path, spec, Optional.ofNullable(System.getenv(MilkLayoutChoice.VARIABLE)));
        long slices = spec.rolling() ? spec.shape().length(0) : 0;
        MilkRegions regions;
        try {
            regions = new MilkRegions(
                    choice.variant(),
                    new MilkRegions.Counts(
                            spec.shape().byteSize(spec.type()),
                            true,
                            spec.keywordCount(),
                            MilkDescriptor.SEMAPHORES,
                            MilkDescriptor.PROCESS_TRACES,
                            slices,
                            spec.circular(),
                            spec.rolling()));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "a milk stream of " + spec.shape() + " " + spec.type() + " with a circular buffer of "
                            + spec.circular() + " frames needs more bytes than 63 bits can count",
                    e);
        }
        return new MilkLayout(name, spec.type(), spec.shape(), axes, regions)
                .of(choice.version(), List.of(), MilkDescriptor.LOCATION_CPU);
    }

    /**
     * The name of the file without its suffix, truncated between characters if the header has no room for all of it.
     */
    private static String storedName(Path path) {
        return FileNames.text(FixedText.start(FileNames.bytes(localName(path)), MilkDescriptor.MAX_NAME_BYTES));
    }

    private static String localName(Path path) {
        String file = path.getFileName() == null ? "" : FileNames.text(path.getFileName());
        return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    }

    @Override
    public void initialise(MemorySegment file, StreamLayout layout, CreationInfo info) {
        byte[] name = FileNames.bytes(layout.storedName());
        MemorySegment.copy(name, 0, file, JAVA_BYTE, MilkDescriptor.NAME, name.length);
        file.set(JAVA_BYTE, MilkDescriptor.NAXIS, (byte) layout.axes().size());
        for (int i = 0; i < layout.axes().size(); i++) {
            file.set(JAVA_INT, MilkDescriptor.SIZE + 4L * i, (int)
                    (long) layout.axes().get(i));
        }
        file.set(JAVA_LONG, MilkDescriptor.NELEMENT, layout.shape().elementCount());
        file.set(JAVA_BYTE, MilkDescriptor.DATATYPE, (byte) MilkTypes.code(layout.type()));
        file.set(
                JAVA_LONG,
                MilkDescriptor.IMAGETYPE,
                layout.cube() == null ? MilkDescriptor.TYPE_MATH : MilkDescriptor.CUBE);
        layout.created().set(file, 0, info.createdNs());
        TimeField.at(MilkDescriptor.LAST_ACCESS_TIME, TimeField.Encoding.TIMESPEC)
                .set(file, 0, info.createdNs());
        file.set(JAVA_INT, MilkDescriptor.CREATOR_PID, info.pid());
        file.set(JAVA_BYTE, MilkDescriptor.SHARED, (byte) 1);
        file.set(JAVA_LONG, MilkDescriptor.INODE, info.inode());
        file.set(JAVA_BYTE, MilkDescriptor.LOCATION, (byte) MilkDescriptor.LOCATION_CPU);
        file.set(JAVA_SHORT, MilkDescriptor.SEM, (short) layout.semaphores().count());
        file.set(JAVA_SHORT, MilkDescriptor.NBPROCTRACE, (short) layout.traces().count());
        file.set(JAVA_SHORT, MilkDescriptor.NBKW, (short) layout.keywords().count());
        file.set(
                JAVA_INT,
                MilkDescriptor.CBSIZE,
                layout.circular() == null ? 0 : layout.circular().size());
        MilkLayoutChoice choice = MilkLayoutChoice.named(layout.variant(), "");
        file.set(JAVA_LONG, choice.variant().dataBytes, layout.frameBytes());
        initialiseTables(file, layout);
        // Last, because it marks the file as complete.
        VarHandle.releaseFence();
        byte[] version = choice.version().getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(version, 0, file, JAVA_BYTE, 0, version.length);
    }

    private static void initialiseTables(MemorySegment file, StreamLayout layout) {
        for (int i = 0; i < layout.keywords().count(); i++) {
            file.set(
                    JAVA_BYTE,
                    layout.keywords().offset() + (long) i * MilkDescriptor.KEYWORD_BYTES + MilkDescriptor.KEYWORD_TYPE,
                    (byte) 'N');
        }
        for (int i = 0; i < layout.semaphores().count(); i++) {
            file.set(JAVA_INT, layout.semaphores().readerPidOffset() + 4L * i, -1);
            file.set(JAVA_INT, layout.semaphores().writerPidOffset() + 4L * i, -1);
        }
        for (int i = 0; i < layout.traces().count(); i++) {
            file.set(
                    JAVA_INT,
                    layout.traces().offset()
                            + (long) i * layout.traces().recordBytes()
                            + layout.traces().semaphoreOffset(),
                    -1);
        }
    }

    @Override
    public Optional<String> creationWarning(Path path, StreamLayout layout) {
        boolean isNewer = layout.variant().startsWith(MilkDescriptor.NEWER_VERSION_TEXT);
        if (layout.fileBytes() >= LIBRARY_MAX_BYTES && !isNewer) {
            return Optional.of(
                    FileNames.text(path) + " has 2 GiB or more: milk's own programs cannot open such files; ShmRT can");
        }
        if (FileNames.bytes(path.toAbsolutePath()).length >= LIBRARY_PATH_BYTES) {
            return Optional.of(FileNames.text(path) + " is a path of " + LIBRARY_PATH_BYTES
                    + " bytes or more: milk's own programs reject it; ShmRT can open it");
        }
        if (isNewer && FileNames.bytes(localName(path)).length > TEMPORARY_NAME_BYTES) {
            return Optional.of("the name of " + FileNames.text(path) + " is longer than " + TEMPORARY_NAME_BYTES
                    + " bytes: a program of"
                    + " ImageStreamIO " + MilkDescriptor.NEWER_VERSION_TEXT + " that creates the stream again writes"
                    + " beyond its memory; choose a shorter name");
        }
        if (localName(path).equals(layout.storedName())) {
            return Optional.empty();
        }
        return Optional.of(
                "the name of " + FileNames.text(path) + " is longer than the " + MilkDescriptor.MAX_NAME_BYTES
                        + " bytes that a milk header has room for, so pyMilk opens the stream again for every frame;"
                        + " choose a shorter name");
    }
}
