package org.shmrt.stream.format.dao;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.CreationInfo;
import org.shmrt.stream.format.DetectionResult;
import org.shmrt.stream.format.PastFrames;
import org.shmrt.stream.format.RepairPlan;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;
import org.shmrt.text.FileNames;

/**
 * Detects, plans and initialises DAO streams. Except for the newest layout, a DAO file has no magic number. It is
 * detected by the equation of its size with its axes, type and number of keywords, never by a single field. Stateless.
 */
public final class DaoFormat implements StreamFormat {
    private static final long U32_MAX = 0xffff_ffffL;

    /** For the service loader. */
    public DaoFormat() {}

    @Override
    public String name() {
        return "dao";
    }

    @Override
    public PastFrames pastFrames() {
        return PastFrames.RING;
    }

    @Override
    public boolean supports(DataType type) {
        return DaoTypes.code(type) > 0;
    }

    @Override
    public int headBytes() {
        return Variant.MACOS_VERSION_3.headerBytes;
    }

    @Override
    public int permissions() {
        return 0600;
    }

    @Override
    public DetectionResult detect(Path path, MemorySegment head, long fileBytes) {
        if (fileBytes < Variant.PRE_FIFO.headerBytes || head.byteSize() < Variant.PRE_FIFO.headerBytes) {
            return DetectionResult.foreign(
                    "it has " + fileBytes + " bytes, fewer than a DAO header's " + Variant.PRE_FIFO.headerBytes);
        }
        int version = DaoLayouts.version(head);
        if (version > 0) {
            return ofVersion(path, head, fileBytes, version);
        }
        DaoHeader header = DaoHeader.of(head, Variant.FIFO);
        if (header.fault() != null) {
            return DetectionResult.foreign(header.fault());
        }
        List<Variant> rings = DaoLayouts.rings(head, fileBytes, header);
        if (!rings.isEmpty()) {
            return ring(path, head, fileBytes, header, rings.getFirst());
        }
        for (Variant variant : DaoLayouts.SINGLE) {
            if (variant.fits(1, header.frameBytes(), header.keywords(), fileBytes)
                    && !(variant.isMacos() && DaoLayouts.hasRingOfOne(head))) {
                return DetectionResult.accepted(
                        DaoLayouts.of(path, head, variant, 1, fileBytes, header).build());
            }
        }
        for (Variant variant : DaoLayouts.RINGS) {
            if (variant.fits(1, header.frameBytes(), header.keywords(), fileBytes)
                    && !(variant.isMacos() && DaoLayouts.hasRingOfOne(head))) {
                return damagedRing(path, head, fileBytes, header, variant);
            }
        }
        return DetectionResult.foreign(
                "its size is " + fileBytes + " bytes, which is none of the sizes a DAO stream of " + header.shape()
                        + " " + header.type() + " with " + header.keywords() + " keywords can have");
    }

    /** A stream that starts with the magic number, so that it certainly is a DAO stream. */
    private static DetectionResult ofVersion(Path path, MemorySegment head, long fileBytes, int version) {
        List<Variant> variants = DaoLayouts.versioned(version);
        Variant first = variants.isEmpty() ? Variant.VERSION_2 : variants.getFirst();
        if (!variants.isEmpty() && head.byteSize() < first.headerBytes) {
            return DetectionResult.damaged("it has " + fileBytes + " bytes, fewer than the " + first.headerBytes
                    + " of a header of layout version " + version);
        }
        DaoHeader header =
                variants.isEmpty() ? DaoHeader.faulty("its layout version is unknown") : DaoHeader.of(head, first);
        for (Variant variant : variants) {
            if (header.fault() == null && DaoLayouts.hasRing(head, variant, fileBytes, header)) {
                return hasSemaphores(head, variant)
                        ? ring(path, head, fileBytes, header, variant)
                        : DetectionResult.damaged("its number of semaphores (offset " + variant.at(DaoDescriptor.SEM)
                                + ") is 0: its creator has not finished, or died before it had");
            }
        }
        if (version != 2) {
            return DetectionResult.otherVersion("its layout version (offset " + DaoDescriptor.LAYOUT_VERSION + ") is "
                    + version + ", and ShmRT supports version 2, version 3 as on macOS, and the layouts without a"
                    + " version");
        }
        if (header.fault() != null) {
            return DetectionResult.damaged(header.fault());
        }
        return DetectionResult.damaged("its size is " + fileBytes + " bytes, not that of "
                + DaoLayouts.depth(head, first) + " frames of " + header.shape() + " " + header.type() + " with "
                + header.keywords() + " keywords; shm repair may correct it");
    }

    /** DAO stores the number when the header and the semaphores are complete. On macOS there are none outside it. */
    private static boolean hasSemaphores(MemorySegment head, Variant variant) {
        return variant.isMacos() || head.get(JAVA_SHORT, variant.at(DaoDescriptor.SEM)) != 0;
    }

    private static DetectionResult ring(
            Path path, MemorySegment head, long fileBytes, DaoHeader header, Variant variant) {
        int depth = (int) DaoLayouts.depth(head, variant);
        int last = head.get(JAVA_INT, variant.fifoLastWritten());
        if (Integer.compareUnsigned(last, depth) >= 0) {
            return DetectionResult.damaged("its newest slot (fifo_last_written, offset " + variant.fifoLastWritten()
                    + ") is " + Integer.toUnsignedString(last) + " of " + depth + "; shm repair may correct it");
        }
        return DetectionResult.accepted(
                DaoLayouts.of(path, head, variant, depth, fileBytes, header).build());
    }

    /** The words of the ring are invalid, and the size is that of one frame. */
    private static DetectionResult damagedRing(
            Path path, MemorySegment head, long fileBytes, DaoHeader header, Variant variant) {
        long depth = DaoLayouts.depth(head, variant);
        String damage = "its depth (fifo_size, offset " + variant.fifoSize + ") is " + depth
                + ", but its size is that of one frame";
        if (depth != 0) {
            return DetectionResult.damaged(damage + "; shm repair corrects it");
        }
        return DetectionResult.accepted(DaoLayouts.of(path, head, variant, 1, fileBytes, header)
                .progress(variant.at(DaoDescriptor.WRITE), variant.at(DaoDescriptor.ORDER_MARK), -1)
                .readOnly(damage + ": a program of the older layout overwrote it; shm repair corrects it")
                .build());
    }

    @Override
    public boolean isUsual(StreamLayout layout) {
        return layout.variant().equals(Variant.FIFO.label);
    }

    @Override
    public Optional<RepairPlan> planRepair(Path path, MemorySegment file) {
        return DaoRepair.plan(path, file);
    }

    @Override
    public List<String> extraneousSemaphores(Path path, StreamLayout layout) {
        return layout.semaphores().names().isEmpty()
                ? List.of()
                : DaoNames.extraneous(path, layout.semaphores().count());
    }

    @Override
    public StreamLayout plan(Path path, StreamSpec spec) {
        Variant variant = DaoLayoutChoice.of(spec, Optional.ofNullable(System.getenv(DaoLayoutChoice.VARIABLE)));
        if (!supports(spec.type())) {
            throw new IllegalArgumentException("DAO streams have no " + spec.type() + " elements");
        }
        if (DaoNames.local(path).isEmpty()) {
            throw new IllegalArgumentException(FileNames.text(path)
                    + " cannot be a DAO stream: its file name has nothing before the first dot, from which its "
                    + "semaphores get their names");
        }
        // A vector is stored as n x 1, because DAO's own programs exit when they open a stream with one axis.
        Shape shape = spec.shape().rank() == 1 ? Shape.of(spec.shape().length(0), 1) : spec.shape();
        List<Long> axes = new ArrayList<>();
        for (long length : shape.lengths()) {
            if (length > U32_MAX) {
                throw new IllegalArgumentException(
                        "shape " + shape + ": an axis of a DAO stream has at most " + U32_MAX + " elements");
            }
            axes.add(length);
        }
        DaoHeader header =
                new DaoHeader(null, spec.type(), shape, axes, shape.byteSize(spec.type()), spec.keywordCount());
        long fileBytes;
        try {
            fileBytes = variant.fileBytes(spec.depth(), header.frameBytes(), spec.keywordCount());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "a depth of " + spec.depth() + " frames of " + shape + " " + spec.type()
                            + " needs more bytes than 63 bits can count",
                    e);
        }
        return DaoLayouts.of(variant, spec.depth(), fileBytes, header)
                .storedName(FileNames.text(DaoNames.stored(path, variant)))
                .semaphores(DaoNames.semaphores(path, variant, variant.semaphores()))
                .build();
    }

    @Override
    public void initialise(MemorySegment file, StreamLayout layout, CreationInfo info) {
        Variant variant = DaoLayouts.variant(layout);
        byte[] name = FileNames.bytes(layout.storedName());
        long wholeSeconds = info.createdNs() / 1_000_000_000L;
        double createdSeconds = wholeSeconds + (info.createdNs() % 1_000_000_000L) * 1e-9;
        for (int slot = 0; slot < layout.depth(); slot++) {
            MemorySegment header = file.asSlice(layout.headerOffset(slot), layout.headerStride());
            if (variant.isVersioned()) {
                header.set(JAVA_INT, 0, DaoDescriptor.MAGIC);
                header.set(JAVA_INT, DaoDescriptor.LAYOUT_VERSION, 2);
            }
            MemorySegment.copy(name, 0, header, JAVA_BYTE, variant.nameOffset(), name.length);
            header.set(JAVA_BYTE, variant.at(DaoDescriptor.NAXIS), (byte)
                    layout.axes().size());
            for (int i = 0; i < layout.axes().size(); i++) {
                header.set(JAVA_INT, variant.at(DaoDescriptor.SIZE) + 4L * i, (int)
                        (long) layout.axes().get(i));
            }
            header.set(
                    JAVA_LONG,
                    variant.at(DaoDescriptor.NELEMENT),
                    layout.shape().elementCount());
            header.set(JAVA_BYTE, variant.at(DaoDescriptor.ATYPE), (byte) DaoTypes.code(layout.type()));
            header.set(JAVA_DOUBLE, variant.at(DaoDescriptor.CREATION_TIME), createdSeconds);
            header.set(JAVA_DOUBLE, variant.at(DaoDescriptor.LAST_ACCESS), createdSeconds);
            header.set(JAVA_BYTE, variant.at(DaoDescriptor.SHARED), (byte) 1);
            header.set(JAVA_SHORT, variant.at(DaoDescriptor.SEM), (short)
                    (slot == 0 ? layout.semaphores().count() : 0));
            header.set(JAVA_SHORT, variant.at(DaoDescriptor.NBKW), (short)
                    layout.keywords().count());
        }
        if (layout.lastWrittenOffset() >= 0) {
            // fifo_size is the word before fifo_last_written in all layouts.
            file.set(JAVA_INT, layout.lastWrittenOffset() - 4, layout.depth());
            file.set(JAVA_INT, layout.lastWrittenOffset(), layout.depth() - 1);
        }
        for (int i = 0; i < layout.keywords().count(); i++) {
            file.set(
                    JAVA_BYTE,
                    layout.keywords().offset() + (long) i * DaoDescriptor.KEYWORD_BYTES + DaoDescriptor.KEYWORD_TYPE,
                    (byte) 'N');
        }
    }

    @Override
    public Optional<String> creationWarning(Path path, StreamLayout layout) {
        Variant variant = DaoLayouts.variant(layout);
        return DaoNames.isShortened(path, variant)
                ? Optional.of(FileNames.text(path) + " is longer than the " + variant.maxNameBytes()
                        + " bytes that DAO's own C programs accept, so they cannot open it"
                        + (variant.isVersioned() ? "" : " safely") + "; ShmRT can")
                : Optional.empty();
    }
}
