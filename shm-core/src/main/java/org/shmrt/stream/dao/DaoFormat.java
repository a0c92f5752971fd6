package org.shmrt.stream.dao;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.memory.DataType;
import org.shmrt.memory.FixedText;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Birth;
import org.shmrt.stream.KeywordLayout;
import org.shmrt.stream.PacketLayout;
import org.shmrt.stream.Recognition;
import org.shmrt.stream.StreamFormat;
import org.shmrt.stream.StreamLayout;
import org.shmrt.stream.StreamLayoutBuilder;
import org.shmrt.stream.StreamSpec;
import org.shmrt.stream.TimeField;
import org.shmrt.stream.dao.DaoDescriptor.Variant;

/**
 * Recognises, plans and fills DAO streams. A DAO file has no magic number: it is recognised by the whole
 * equation of its size, its axes, its type and its keywords, never by one field. Stateless.
 */
public final class DaoFormat implements StreamFormat {
    private static final long U32_MAX = 0xffff_ffffL;

    /** For the service loader. */
    public DaoFormat() {
    }

    @Override
    public String name() {
        return "dao";
    }

    @Override
    public int headBytes() {
        return Variant.WIDE.headerBytes;
    }

    @Override
    public int permissions() {
        return 0600;
    }

    @Override
    public Recognition recognise(Path path, MemorySegment head, long fileBytes) {
        if (fileBytes < Variant.PRE_FIFO.headerBytes || head.byteSize() < Variant.PRE_FIFO.headerBytes) {
            return Recognition.foreign("it has " + fileBytes + " bytes, fewer than a DAO header's "
                    + Variant.PRE_FIFO.headerBytes);
        }
        int naxis = Byte.toUnsignedInt(head.get(JAVA_BYTE, DaoDescriptor.NAXIS));
        if (naxis < 1 || naxis > 3) {
            return Recognition.foreign("its number of axes (offset " + DaoDescriptor.NAXIS + ") is " + naxis
                    + ", not 1 to 3");
        }
        int code = Byte.toUnsignedInt(head.get(JAVA_BYTE, DaoDescriptor.ATYPE));
        DataType type = DataType.ofDaoCode(code);
        if (type == null) {
            return Recognition.foreign("its type code (offset " + DaoDescriptor.ATYPE + ") is " + code
                    + ", not 1 to 12");
        }
        List<Long> axes = new ArrayList<>();
        for (int i = 0; i < naxis; i++) {
            axes.add(Integer.toUnsignedLong(head.get(JAVA_INT, DaoDescriptor.SIZE + 4L * i)));
        }
        Shape shape;
        long frameBytes;
        try {
            shape = Shape.of(axes.stream().mapToLong(Long::longValue).toArray());
            frameBytes = shape.byteSize(type);
        } catch (IllegalArgumentException e) {
            return Recognition.foreign(e.getMessage());
        }
        if (shape.elementCount() == 0) {
            return Recognition.foreign("an axis of its shape " + shape + " has length 0");
        }
        long nelement = head.get(JAVA_LONG, DaoDescriptor.NELEMENT);
        if (nelement != shape.elementCount()) {
            return Recognition.foreign("its element count (offset " + DaoDescriptor.NELEMENT + ") is "
                    + Long.toUnsignedString(nelement) + ", but its shape " + shape + " has " + shape.elementCount());
        }
        return bySize(path, head, fileBytes, new Image(type, shape, axes, frameBytes,
                Short.toUnsignedInt(head.get(JAVA_SHORT, DaoDescriptor.NBKW))));
    }

    /** What the fields common to all layouts say. */
    private record Image(DataType type, Shape shape, List<Long> axes, long frameBytes, int keywords) {
    }

    private static Recognition bySize(Path path, MemorySegment head, long fileBytes, Image image) {
        for (Variant variant : new Variant[] {Variant.FIFO, Variant.WIDE}) {
            if (head.byteSize() >= variant.headerBytes) {
                long depth = Integer.toUnsignedLong(head.get(JAVA_INT, variant.fifoSize));
                if (depth > 0 && depth <= Integer.MAX_VALUE && fits(variant, depth, image, fileBytes)) {
                    return ring(path, head, fileBytes, image, variant, (int) depth);
                }
            }
        }
        if (fits(Variant.PRE_FIFO, 1, image, fileBytes)) {
            return Recognition.accepted(
                    layout(path, head, Variant.PRE_FIFO, 1, fileBytes, image).build());
        }
        if (fits(Variant.FIFO, 1, image, fileBytes)) {
            long depth = Integer.toUnsignedLong(head.get(JAVA_INT, Variant.FIFO.fifoSize));
            String damage = "its depth (fifo_size, offset " + Variant.FIFO.fifoSize + ") is " + depth
                    + ", but its size is that of one frame";
            return depth != 0 ? Recognition.damaged(damage) : Recognition.accepted(
                    layout(path, head, Variant.FIFO, 1, fileBytes, image).progress(
                            DaoDescriptor.WRITE, DaoDescriptor.ORDER_MARK, -1)
                    .readOnly(damage + ": a program of the older layout wrote over it").build());
        }
        return Recognition.foreign("its size is " + fileBytes + " bytes, which is none of the sizes a DAO stream of "
                + image.shape + " " + image.type + " with " + image.keywords + " keywords can have");
    }

    private static boolean fits(Variant variant, long depth, Image image, long fileBytes) {
        try {
            return variant.fileBytes(depth, image.frameBytes, image.keywords) == fileBytes;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private static Recognition ring(
            Path path, MemorySegment head, long fileBytes, Image image, Variant variant, int depth) {
        int last = head.get(JAVA_INT, variant.fifoLastWritten());
        if (Integer.compareUnsigned(last, depth) >= 0) {
            return Recognition.damaged("its newest slot (fifo_last_written, offset " + variant.fifoLastWritten()
                    + ") is " + Integer.toUnsignedString(last) + " of " + depth);
        }
        if (variant.gpuMagic >= 0 && head.get(JAVA_INT, variant.gpuMagic) != 0) {
            return Recognition.damaged("its pixels are on a GPU, where ShmRT does not read");
        }
        return Recognition.accepted(layout(path, head, variant, depth, fileBytes, image).build());
    }

    private static StreamLayoutBuilder layout(
            Path path, MemorySegment head, Variant variant, int depth, long fileBytes, Image image) {
        List<String> findings = new ArrayList<>();
        int semaphores = Short.toUnsignedInt(head.get(JAVA_SHORT, DaoDescriptor.SEM));
        if (semaphores > DaoDescriptor.SEMAPHORES) {
            findings.add("the header claims " + semaphores + " semaphores; the "
                    + DaoDescriptor.SEMAPHORES + " of a DAO stream are used");
            semaphores = DaoDescriptor.SEMAPHORES;
        }
        if (FixedText.length(head, 0, DaoDescriptor.NAME_BYTES) == DaoDescriptor.NAME_BYTES) {
            findings.add("the name in the header does not end; DAO's own programs read on into the next fields");
        }
        return builder(variant, depth, fileBytes, image)
                .storedName(FixedText.get(head, 0, DaoDescriptor.NAME_BYTES))
                .semaphores(DaoNames.semaphores(path, semaphores))
                .findings(findings);
    }

    private static StreamLayoutBuilder builder(Variant variant, int depth, long fileBytes, Image image) {
        long dataOffset = (long) depth * variant.headerBytes;
        return new StreamLayoutBuilder("dao", variant.label)
                .image(image.type, image.shape, image.axes)
                .slots(depth, variant.headerBytes, dataOffset, fileBytes)
                .progress(DaoDescriptor.WRITE, DaoDescriptor.ORDER_MARK, variant.fifoLastWritten())
                .counters(DaoDescriptor.CNT0, DaoDescriptor.CNT1, DaoDescriptor.CNT2)
                .origin(-1, TimeField.at(DaoDescriptor.CREATION_TIME, TimeField.Encoding.SECONDS),
                        TimeField.at(DaoDescriptor.ATIME_NS, TimeField.Encoding.NANOSECONDS))
                .packets(new PacketLayout(DaoDescriptor.LAST_POS, DaoDescriptor.LAST_NB, DaoDescriptor.PACKET_NB,
                        DaoDescriptor.PACKET_TOTAL, DaoDescriptor.LAST_NB_ARRAY, variant.packets))
                .keywords(new KeywordLayout(dataOffset + depth * image.frameBytes, image.keywords,
                        DaoDescriptor.KEYWORD_BYTES, DaoDescriptor.KEYWORD_VALUE, DaoDescriptor.KEYWORD_COMMENT));
    }

    @Override
    public StreamLayout plan(Path path, StreamSpec spec) {
        if (spec.type().daoCode() == DataType.NO_CODE) {
            throw new IllegalArgumentException("DAO streams have no " + spec.type() + " elements");
        }
        if (DaoNames.local(path).isEmpty()) {
            throw new IllegalArgumentException(path + ": a DAO stream needs a name before the first dot, "
                    + "for its semaphores");
        }
        // A vector is stored as n x 1: DAO's own programs exit when they open one of a single axis.
        Shape shape = spec.shape().rank() == 1 ? Shape.of(spec.shape().length(0), 1) : spec.shape();
        List<Long> axes = new ArrayList<>();
        for (long length : shape.lengths()) {
            if (length > U32_MAX) {
                throw new IllegalArgumentException("shape " + shape + ": an axis of a DAO stream has at most "
                        + U32_MAX + " elements");
            }
            axes.add(length);
        }
        Image image = new Image(spec.type(), shape, axes, shape.byteSize(spec.type()), spec.keywordCount());
        long fileBytes;
        try {
            fileBytes = Variant.FIFO.fileBytes(spec.depth(), image.frameBytes, spec.keywordCount());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a depth of " + spec.depth() + " frames of " + shape + " "
                    + spec.type() + " takes more bytes than 63 bits can count", e);
        }
        return builder(Variant.FIFO, spec.depth(), fileBytes, image)
                .storedName(new String(DaoNames.stored(path), StandardCharsets.UTF_8))
                .semaphores(DaoNames.semaphores(path, DaoDescriptor.SEMAPHORES))
                .build();
    }

    @Override
    public void initialise(MemorySegment file, StreamLayout layout, Birth birth) {
        byte[] name = layout.storedName().getBytes(StandardCharsets.UTF_8);
        double createdSeconds = birth.createdNs() / 1_000_000_000L + (birth.createdNs() % 1_000_000_000L) * 1e-9;
        for (int slot = 0; slot < layout.depth(); slot++) {
            MemorySegment header = file.asSlice(layout.headerOffset(slot), layout.headerStride());
            MemorySegment.copy(name, 0, header, JAVA_BYTE, 0, name.length);
            header.set(JAVA_BYTE, DaoDescriptor.NAXIS, (byte) layout.axes().size());
            for (int i = 0; i < layout.axes().size(); i++) {
                header.set(JAVA_INT, DaoDescriptor.SIZE + 4L * i, (int) (long) layout.axes().get(i));
            }
            header.set(JAVA_LONG, DaoDescriptor.NELEMENT, layout.shape().elementCount());
            header.set(JAVA_BYTE, DaoDescriptor.ATYPE, (byte) layout.type().daoCode());
            header.set(JAVA_DOUBLE, DaoDescriptor.CREATION_TIME, createdSeconds);
            header.set(JAVA_DOUBLE, DaoDescriptor.LAST_ACCESS, createdSeconds);
            header.set(JAVA_BYTE, DaoDescriptor.SHARED, (byte) 1);
            header.set(JAVA_SHORT, DaoDescriptor.SEM, (short) (slot == 0 ? DaoDescriptor.SEMAPHORES : 0));
            header.set(JAVA_SHORT, DaoDescriptor.NBKW, (short) layout.keywords().count());
        }
        file.set(JAVA_INT, Variant.FIFO.fifoSize, layout.depth());
        file.set(JAVA_INT, Variant.FIFO.fifoLastWritten(), layout.depth() - 1);
        for (int i = 0; i < layout.keywords().count(); i++) {
            file.set(JAVA_BYTE, layout.keywords().offset() + (long) i * DaoDescriptor.KEYWORD_BYTES
                    + DaoDescriptor.KEYWORD_TYPE, (byte) 'N');
        }
    }

    @Override
    public String creationWarning(Path path, StreamLayout layout) {
        return DaoNames.isShortened(path) ? path + " is longer than the " + DaoDescriptor.MAX_NAME_BYTES
                + " bytes DAO's own C programs can take, so they cannot open it safely; ShmRT can" : null;
    }
}
